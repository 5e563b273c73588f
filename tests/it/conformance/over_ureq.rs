//! `edx-auth-ureq` as a driver of the kit.

use std::error::Error as StdError;
use std::time::Duration;

use edx_auth_core::{LiveToken, TokenError};
use edx_auth_testkit::conformance::{Driver, Setup};
use edx_auth_ureq::{AuthorizedClient, Error, TokenSource};
use http::{Request, Response};

pub(super) struct OverUreq {
    client: AuthorizedClient,
}

impl Driver for OverUreq {
    fn start(setup: Setup) -> Self {
        let source = TokenSource::builder(setup.request)
            .policy(setup.policy)
            .origins(setup.origins);
        let source = source.build().unwrap();
        if let Some(stored) = setup.stored {
            source.restore(stored);
        }
        let client = AuthorizedClient::builder(source);
        Self {
            client: client.timeout(setup.timeout).build().unwrap(),
        }
    }

    fn token(&self, timeout: Duration) -> Result<LiveToken, TokenError> {
        self.client.source().token_within(timeout).map_err(no_token)
    }

    fn call(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn StdError + Send + Sync>> {
        let (head, mut body) = self.client.execute(request)?.into_parts();
        let whole = body.with_config().limit(u64::MAX).read_to_vec()?;
        Ok(Response::from_parts(head, whole))
    }
}

fn no_token(error: Error) -> TokenError {
    match error {
        Error::Token(error) => error,
        other => panic!("a source returns no other error: {other}"),
    }
}
