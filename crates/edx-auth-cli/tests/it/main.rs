//! The command itself, run against a mock of edX.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test may panic"
)]

mod curl;
mod doctor;
mod failures;
mod get;
mod inspect;
mod profiles;
mod readme;
mod secrecy;
mod site;
mod store;
mod token;
