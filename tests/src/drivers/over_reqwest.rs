//! A source over reqwest: its verbs, each waited for on a runtime of the callers'.

use std::time::Duration;

use edx_auth_core::{ApiUrl, Health, Invalidation, LiveToken, TokenError};
use edx_auth_reqwest::{AuthorizedClient, Error, TokenSource};
use http::StatusCode;
use tokio::runtime::{Builder, Runtime};

use super::{Driver, Setup, origin_of};

/// An async source for callers that block.
pub(super) struct Blocked {
    source: TokenSource,
    runtime: Runtime,
}

impl Blocked {
    pub(super) fn source(setup: Setup) -> Self {
        let builder = TokenSource::builder(setup.request)
            .policy(setup.policy)
            .token_timeout(setup.patience);
        let builder = match setup.pair {
            Some(pair) => builder.credentials(move || Ok(pair())),
            None => builder,
        };
        Self {
            source: builder.build().unwrap(),
            runtime: Builder::new_current_thread().enable_all().build().unwrap(),
        }
    }

    fn wait(&self, asked: impl Future<Output = Result<LiveToken, Error>>) -> Asked {
        self.runtime.block_on(asked).map_err(no_token)
    }
}

type Asked = Result<LiveToken, TokenError>;

impl Driver for Blocked {
    fn token(&self) -> Asked {
        self.wait(self.source.token())
    }

    fn token_within(&self, patience: Duration) -> Asked {
        self.wait(self.source.token_within(patience))
    }

    fn token_valid_for(&self, validity: Duration) -> Asked {
        self.wait(self.source.token_valid_for(validity))
    }

    fn renew_now(&self) -> Asked {
        self.wait(self.source.renew_now())
    }

    fn invalidate(&self, token: &LiveToken) -> Invalidation {
        self.source.invalidate(token)
    }

    fn token_newer_than(&self, refused: &LiveToken) -> Asked {
        self.wait(self.source.token_newer_than(refused))
    }

    fn health(&self) -> Health {
        self.source.health()
    }

    fn get(&self, url: &ApiUrl, token: &LiveToken) -> StatusCode {
        let source = TokenSource::fixed(token.token().clone(), origin_of(url));
        let client = AuthorizedClient::new(source).unwrap();
        let reply = client.get(&url.to_string()).send();
        self.runtime.block_on(reply).unwrap().status()
    }
}

fn no_token(error: Error) -> TokenError {
    match error {
        Error::Token(error) => error,
        other => panic!("a source says nothing else: {other}"),
    }
}
