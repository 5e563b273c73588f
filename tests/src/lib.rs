//! What the tests share: the real Open edX, the replies recorded from it, and a token source over
//! every driver.
#![allow(
    clippy::exhaustive_enums,
    clippy::exhaustive_structs,
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    clippy::panic,
    clippy::unwrap_used,
    reason = "read by tests alone: nobody to stay compatible with, and a test ends where its stage does"
)]
#![allow(
    clippy::duplicate_mod,
    reason = "what the core's examples share, which each of them includes as its own"
)]

pub mod clients;
pub mod debug_output;
pub mod drivers;
pub mod jwt;
pub mod openedx;
pub mod patience;
pub mod replies;
pub mod unified;
pub mod wire;

/// The README's code, compiled.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
pub mod readme {}

#[cfg(doctest)]
pub mod secrets;
