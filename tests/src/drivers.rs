//! A token source, however it is held: the same verbs over every HTTP stack.
//!
//! [`DRIVERS`] are the columns of each test that compares them. One more is a file beside those
//! below, and a line in that table.

pub mod embedded;
mod over_reqwest;
mod over_ureq;
mod setup;

use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{ApiUrl, Health, Invalidation, LiveToken, Origins, TokenError};
use http::StatusCode;

use embedded::{Held, OverCurl, OverEventLoop, OverHyper, Readme};
pub use setup::{Pair, Setup};

/// What every holder of a token does, by the names that the crates give it.
pub trait Driver: Send + Sync {
    /// A token, within the source's own patience.
    ///
    /// # Errors
    /// Where there is none.
    fn token(&self) -> Result<LiveToken, TokenError>;

    /// A token, within this caller's patience.
    ///
    /// # Errors
    /// Where there is none.
    fn token_within(&self, patience: Duration) -> Result<LiveToken, TokenError>;

    /// A token that is good for so long.
    ///
    /// # Errors
    /// Where there is none.
    fn token_valid_for(&self, validity: Duration) -> Result<LiveToken, TokenError>;

    /// A token newer than the one at hand.
    ///
    /// # Errors
    /// Where there is none.
    fn renew_now(&self) -> Result<LiveToken, TokenError>;

    /// Says that an API refused this token.
    fn invalidate(&self, token: &LiveToken) -> Invalidation;

    /// A token newer than this one.
    ///
    /// # Errors
    /// Where there is none.
    fn token_newer_than(&self, refused: &LiveToken) -> Result<LiveToken, TokenError>;

    /// How it is doing.
    fn health(&self) -> Health;

    /// What an API answers to a GET with this token.
    fn get(&self, url: &ApiUrl, token: &LiveToken) -> StatusCode;
}

/// The origin of this URL alone.
///
/// # Panics
/// Where it is neither https nor loopback.
pub fn origin_of(url: &ApiUrl) -> Origins {
    let (scheme, authority) = (url.uri().scheme_str(), url.uri().authority());
    let origin = format!("{}://{}", scheme.unwrap(), authority.unwrap());
    Origins::none().allow(&origin).unwrap()
}

/// One way to hold a token source.
#[derive(Clone, Copy, Debug)]
pub struct HttpStack {
    /// What a failed test calls it.
    pub name: &'static str,
    /// Makes a source of it.
    pub new_source: fn(Setup) -> Arc<dyn Driver>,
}

/// Every way there is.
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
