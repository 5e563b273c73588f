//! `edx-auth-reqwest` as a driver of the kit, which waits for each future on a runtime.

use std::error::Error as StdError;
use std::time::Duration;

use edx_auth_core::{LiveToken, TokenError};
use edx_auth_reqwest::{AuthorizedClient, Error, TokenSource};
use edx_auth_testkit::conformance::{Driver, Setup};
use http::{Request, Response};
use tokio::runtime::{Builder, Runtime};

pub(super) struct OverReqwest {
    client: AuthorizedClient,
    runtime: Runtime,
}

impl Driver for OverReqwest {
    fn start(setup: Setup) -> Self {
        let source = TokenSource::builder(setup.request)
            .policy(setup.policy)
            .origins(setup.origins);
        let source = source.build().unwrap();
        if let Some(stored) = setup.stored {
            source.restore(stored);
        }
        let client = AuthorizedClient::builder(source);
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        Self {
            client: client.timeout(setup.timeout).build().unwrap(),
            runtime: runtime.unwrap(),
        }
    }

    fn token(&self, timeout: Duration) -> Result<LiveToken, TokenError> {
        let asked = self.client.source().token_within(timeout);
        self.runtime.block_on(asked).map_err(no_token)
    }

    fn call(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn StdError + Send + Sync>> {
        let request = reqwest::Request::try_from(request)?;
        self.runtime.block_on(async {
            let response = self.client.execute(request).await?;
            let (status, headers) = (response.status(), response.headers().clone());
            let mut whole = Response::new(response.bytes().await?.to_vec());
            *whole.status_mut() = status;
            *whole.headers_mut() = headers;
            Ok(whole)
        })
    }
}

pub(super) fn no_token(error: Error) -> TokenError {
    match error {
        Error::Token(error) => error,
        other => panic!("a source returns no other error: {other}"),
    }
}
