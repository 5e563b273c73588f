//! The token store over a real Redis, and over servers that are none.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed expectation ends the test"
)]

mod calls;
mod contents;
mod fleet;
mod outages;
mod readme;
mod real_redis;
mod rotations;
mod setups;
mod site;
mod store;
#[cfg(feature = "rustls")]
mod tls;
mod tokens;
mod watched;
