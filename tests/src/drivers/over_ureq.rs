//! The blocking source over ureq.

use std::time::Duration;

use edx_auth_core::{ApiUrl, Health, Invalidation, LiveToken, TokenError};
use edx_auth_ureq::{AuthorizedClient, Error, TokenSource};
use http::StatusCode;

use super::{Driver, Setup, origin_of};

pub(super) fn source(setup: Setup) -> TokenSource {
    let builder = TokenSource::builder(setup.request)
        .policy(setup.policy)
        .token_timeout(setup.token_timeout);
    let builder = match setup.credentials {
        Some(credentials) => builder.credentials(move || Ok(credentials())),
        None => builder,
    };
    builder.build().unwrap()
}

impl Driver for TokenSource {
    fn token(&self) -> Result<LiveToken, TokenError> {
        Self::token(self).map_err(no_token)
    }

    fn token_within(&self, timeout: Duration) -> Result<LiveToken, TokenError> {
        Self::token_within(self, timeout).map_err(no_token)
    }

    fn token_valid_for(&self, validity: Duration) -> Result<LiveToken, TokenError> {
        Self::token_valid_for(self, validity).map_err(no_token)
    }

    fn renew_now(&self) -> Result<LiveToken, TokenError> {
        Self::renew_now(self).map_err(no_token)
    }

    fn invalidate(&self, token: &LiveToken) -> Invalidation {
        Self::invalidate(self, token)
    }

    fn token_newer_than(&self, rejected: &LiveToken) -> Result<LiveToken, TokenError> {
        Self::token_newer_than(self, rejected).map_err(no_token)
    }

    fn health(&self) -> Health {
        Self::health(self)
    }

    fn get(&self, url: &ApiUrl, token: &LiveToken) -> StatusCode {
        let source = Self::fixed(token.token().clone(), origin_of(url));
        let client = AuthorizedClient::new(source).unwrap();
        client.get(&url.to_string()).send().unwrap().status()
    }
}

fn no_token(error: Error) -> TokenError {
    match error {
        Error::Token(error) => error,
        other => panic!("a source returns no other error: {other}"),
    }
}
