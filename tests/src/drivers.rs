//! One interface for the token sources of every HTTP stack.
//!
//! Tests that compare the drivers run over [`DRIVERS`]. To add a driver, add a file below and a line
//! to that table.

pub mod embedded;
mod over_reqwest;
mod over_ureq;
mod setup;

use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{ApiUrl, Health, Invalidation, LiveToken, Origins, TokenError};
use http::StatusCode;

use embedded::{Held, OverCurl, OverEventLoop, OverHyper, Readme};
pub use setup::{CredentialsFn, Setup};

/// The methods of every token source, with the names that the crates use.
pub trait Driver: Send + Sync {
    /// Returns a token, within the source's timeout.
    ///
    /// # Errors
    /// Returns an error if there is no token.
    fn token(&self) -> Result<LiveToken, TokenError>;

    /// Returns a token, within `timeout`.
    ///
    /// # Errors
    /// Returns an error if there is no token.
    fn token_within(&self, timeout: Duration) -> Result<LiveToken, TokenError>;

    /// Returns a token that stays valid for this time.
    ///
    /// # Errors
    /// Returns an error if there is no such token.
    fn token_valid_for(&self, validity: Duration) -> Result<LiveToken, TokenError>;

    /// Returns a token newer than the cached one.
    ///
    /// # Errors
    /// Returns an error if there is no such token.
    fn renew_now(&self) -> Result<LiveToken, TokenError>;

    /// Reports that an API rejected this token.
    fn invalidate(&self, token: &LiveToken) -> Invalidation;

    /// Returns a token newer than this one.
    ///
    /// # Errors
    /// Returns an error if there is no such token.
    fn token_newer_than(&self, rejected: &LiveToken) -> Result<LiveToken, TokenError>;

    /// Returns the health of the source.
    fn health(&self) -> Health;

    /// Sends a GET with this token and returns the status.
    fn get(&self, url: &ApiUrl, token: &LiveToken) -> StatusCode;
}

/// Returns the origin of this URL.
///
/// # Panics
/// Panics if the URL is neither https nor loopback.
pub fn origin_of(url: &ApiUrl) -> Origins {
    let (scheme, authority) = (url.uri().scheme_str(), url.uri().authority());
    let origin = format!("{}://{}", scheme.unwrap(), authority.unwrap());
    Origins::none().allow(&origin).unwrap()
}

/// An HTTP stack and its token source.
#[derive(Clone, Copy, Debug)]
pub struct HttpStack {
    /// The name in the message of a failed test.
    pub name: &'static str,
    /// Creates a source over it.
    pub new_source: fn(Setup) -> Arc<dyn Driver>,
}

/// All HTTP stacks.
pub const DRIVERS: [HttpStack; 6] = [
    HttpStack {
        name: "ureq",
        new_source: |setup| Arc::new(over_ureq::source(setup)),
    },
    HttpStack {
        name: "reqwest",
        new_source: |setup| Arc::new(over_reqwest::Blocked::source(setup)),
    },
    HttpStack {
        name: "readme",
        new_source: |setup| Arc::new(Held::<Readme>::source(setup)),
    },
    HttpStack {
        name: "hyper",
        new_source: |setup| Arc::new(Held::<OverHyper>::source(setup)),
    },
    HttpStack {
        name: "curl",
        new_source: |setup| Arc::new(OverCurl::source(setup)),
    },
    HttpStack {
        name: "event loop",
        new_source: |setup| Arc::new(Held::<OverEventLoop>::source(setup)),
    },
];
