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
mod exam;
mod failures;
mod get;
mod inspect;
mod keep;
mod mock;
mod openedx;
mod profiles;
mod proxy;
mod readme;
mod running;
mod secrecy;
mod site;
mod store;
mod token;
