//! `embed_curl`, which has its token from `edx-auth-driver`.

#[allow(dead_code, reason = "its `main`")]
#[path = "../../../../crates/edx-auth-core/examples/embed_curl.rs"]
mod embed_curl;

use std::time::Duration;

use edx_auth_core::{ApiCall, ApiUrl, Health, Invalidation, LiveToken, TokenError, TransportRules};
use edx_auth_driver::{Blocking, Error, TokenSource};
use http::{Request, Response, StatusCode};

use super::super::{Driver, Setup};
use super::{HttpClient, Sent, get};
use embed_curl::{call, send, source};

/// `embed_curl`.
pub struct OverCurl(TokenSource<Blocking>);

impl OverCurl {
    /// Starts it with this setup.
    ///
    /// # Panics
    /// Panics if there is no such source.
    pub fn source(setup: Setup) -> Self {
        let source = source(setup.request)
            .policy(setup.policy)
            .token_timeout(setup.patience);
        let source = match setup.pair {
            Some(pair) => source.credentials(move || Ok(pair())),
            None => source,
        };
        Self(source.build().unwrap())
    }

    /// Makes an API call with this body.
    ///
    /// # Errors
    /// Returns an error if there is no response.
    pub fn call(&self, request: ApiCall, body: &[u8]) -> Result<Response<Vec<u8>>, Error> {
        call(&self.0, request, body)
    }
}

impl HttpClient for OverCurl {
    fn send(request: Request<Vec<u8>>, rules: TransportRules) -> Sent {
        send(&request, rules)
    }
}

impl Driver for OverCurl {
    fn token(&self) -> Result<LiveToken, TokenError> {
        self.0.token().map_err(no_token)
    }

    fn token_within(&self, patience: Duration) -> Result<LiveToken, TokenError> {
        self.0.token_within(patience).map_err(no_token)
    }

    fn token_valid_for(&self, validity: Duration) -> Result<LiveToken, TokenError> {
        self.0.token_valid_for(validity).map_err(no_token)
    }

    fn renew_now(&self) -> Result<LiveToken, TokenError> {
        self.0.renew_now().map_err(no_token)
    }

    fn invalidate(&self, token: &LiveToken) -> Invalidation {
        self.0.invalidate(token)
    }

    fn token_newer_than(&self, rejected: &LiveToken) -> Result<LiveToken, TokenError> {
        self.0.token_newer_than(rejected).map_err(no_token)
    }

    fn health(&self) -> Health {
        self.0.health()
    }

    fn get(&self, url: &ApiUrl, token: &LiveToken) -> StatusCode {
        get::<Self>(url, token.token()).unwrap().status()
    }
}

fn no_token(error: Error) -> TokenError {
    match error {
        Error::Token(error) => error,
        other => panic!("a source says nothing else: {other}"),
    }
}
