//! The example `embed_curl`, which uses the token source of `edx-auth-driver`.

#[allow(dead_code, reason = "its `main`")]
#[path = "../../../../crates/edx-auth-core/examples/embed_curl.rs"]
mod embed_curl;

use std::time::Duration;

use edx_auth_core::{
    ApiCall, ApiUrl, Health, Invalidation, LiveToken, StoredToken, TokenError, TransportRules,
};
use edx_auth_driver::{Blocking, Error, TokenSource};
use http::{Request, Response, StatusCode};

use super::super::{Driver, Setup};
use super::{HttpClient, Sent, status};
use embed_curl::{call, send, source};

/// `embed_curl`.
pub struct OverCurl(TokenSource<Blocking>);

impl OverCurl {
    /// Starts it with these settings.
    ///
    /// # Panics
    /// Panics if the settings are invalid.
    pub fn source(setup: Setup) -> Self {
        let source = source(setup.request)
            .policy(setup.policy)
            .token_timeout(setup.token_timeout);
        let source = match setup.credentials {
            Some(credentials) => source.credentials(move || Ok(credentials())),
            None => source,
        };
        Self(source.build().unwrap())
    }

    /// Uses a stored token.
    pub fn restore(&self, stored: StoredToken) {
        self.0.restore(stored);
    }

    /// Sends an API call with this body.
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

    fn token_within(&self, timeout: Duration) -> Result<LiveToken, TokenError> {
        self.0.token_within(timeout).map_err(no_token)
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
        status::<Self>(url, token.token())
    }
}

fn no_token(error: Error) -> TokenError {
    match error {
        Error::Token(error) => error,
        other => panic!("a source returns no other error: {other}"),
    }
}
