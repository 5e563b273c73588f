//! The layers of `edx-auth-reqwest` as drivers of the kit.

use std::error::Error as StdError;
use std::time::Duration;

use edx_auth_core::{LiveToken, TokenError};
use edx_auth_reqwest::TokenSource;
use edx_auth_testkit::conformance::{Driver, Item, Setup};
use http::{Request, Response};
use tokio::runtime::{Builder, Runtime};

use super::over_reqwest::no_token;
use crate::layers::Layered;

pub(super) struct Over<L> {
    client: L,
    source: TokenSource,
    runtime: Runtime,
}

impl<L: Layered> Driver for Over<L> {
    fn start(setup: Setup) -> Self {
        let source = TokenSource::builder(setup.request)
            .policy(setup.policy)
            .origins(setup.origins);
        let source = source.build().unwrap();
        if let Some(stored) = setup.stored {
            source.restore(stored);
        }
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build();
        Self {
            client: L::new(source.clone(), setup.timeout, 0),
            source,
            runtime: runtime.unwrap(),
        }
    }

    fn token(&self, timeout: Duration) -> Result<LiveToken, TokenError> {
        let asked = self.source.token_within(timeout);
        self.runtime.block_on(asked).map_err(no_token)
    }

    fn call(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn StdError + Send + Sync>> {
        let response = self.runtime.block_on(self.client.call(request))?;
        Ok(response.map(|body| body.to_vec()))
    }

    fn not_applicable() -> &'static [(Item, &'static str)] {
        &[(
            Item::BrokenGet,
            "an error of the client below is returned unchanged: retries are the program's",
        )]
    }
}
