//! The command itself, run against a mock of edX.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod failures;
mod keep;
mod mock;
mod profiles;
mod proxy;
mod running;
mod site;
mod token;
