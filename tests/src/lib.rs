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
pub mod examples;
pub mod jwt;
pub mod openedx;
pub mod proxies;
pub mod responses;
pub mod timeout;
pub mod unified;
pub mod wire;

/// Compiles the code of the READMEs.
#[cfg(doctest)]
pub mod readmes {
    #[doc = include_str!("../../README.md")]
    pub mod workspace {}
    #[doc = include_str!("../../crates/edx-auth-core/README.md")]
    pub mod core {}
    #[doc = include_str!("../../crates/edx-auth-driver/README.md")]
    pub mod driver {}
    #[doc = include_str!("../../crates/edx-auth-redis/README.md")]
    pub mod redis {}
    #[doc = include_str!("../../crates/edx-auth-reqwest/README.md")]
    pub mod reqwest {}
    #[doc = include_str!("../../crates/edx-auth-testkit/README.md")]
    pub mod testkit {}
    #[doc = include_str!("../../crates/edx-auth-ureq/README.md")]
    pub mod ureq {}
}

#[cfg(doctest)]
pub mod secrets;
