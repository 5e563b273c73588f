//! The command itself, run against a mock of edX.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod failures;
mod profiles;
mod site;
mod token;
