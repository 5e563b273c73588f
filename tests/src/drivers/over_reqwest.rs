//! The async source over reqwest, for callers that block.

use std::time::Duration;

use edx_auth_core::{ApiUrl, Health, Invalidation, LiveToken, TokenError};
use edx_auth_reqwest::{AuthorizedClient, Error, TokenSource};
use http::StatusCode;
use tokio::runtime::{Builder, Runtime};

use super::{Driver, Setup, origin_of};

/// An async source and a runtime to wait for its tokens.
pub(super) struct Blocked {
    source: TokenSource,
    runtime: Runtime,
}

impl Blocked {
    pub(super) fn source(setup: Setup) -> Self {
        let builder = TokenSource::builder(setup.request)
            .policy(setup.policy)
            .token_timeout(setup.token_timeout);
        let builder = match setup.credentials {
            Some(credentials) => builder.credentials(move || Ok(credentials())),
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

    fn token_within(&self, timeout: Duration) -> Asked {
        self.wait(self.source.token_within(timeout))
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

    fn token_newer_than(&self, rejected: &LiveToken) -> Asked {
        self.wait(self.source.token_newer_than(rejected))
    }

    fn health(&self) -> Health {
        self.source.health()
    }

    fn get(&self, url: &ApiUrl, token: &LiveToken) -> StatusCode {
        let source = TokenSource::fixed(token.token().clone(), origin_of(url));
        let client = AuthorizedClient::new(source).unwrap();
        let response = client.get(&url.to_string()).send();
        self.runtime.block_on(response).unwrap().status()
    }
}

fn no_token(error: Error) -> TokenError {
    match error {
        Error::Token(error) => error,
        other => panic!("a source returns no other error: {other}"),
    }
}
