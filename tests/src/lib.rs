//! What the tests share: a real Open edX, the responses recorded from it, and one interface for all
//! drivers and for both clients.
#![allow(
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::panic,
    clippy::unwrap_used,
    reason = "used only by tests, which end with a failed expectation"
)]
#![allow(
    clippy::duplicate_mod,
    reason = "each of the core's examples includes the code that they share"
)]

pub mod clients;
pub mod debug_output;
pub mod drivers;
pub mod jwt;
pub mod openedx;
pub mod responses;
pub mod timeout;
pub mod unified;
pub mod wire;

/// Compiles the README's code.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub mod readme {}

#[cfg(doctest)]
pub mod secrets;
