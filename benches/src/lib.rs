//! The rows of what edx-auth costs: the same work by these crates and by hand.
//!
//! *By hand* is the limit: what the work takes where nothing is checked that need not be, nothing
//! is bounded, and nobody waits for anybody. Who counts and who times is elsewhere, so that all of
//! them run the very same lines.
#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "a row that cannot be set up is not measured"
)]

pub mod build;
pub mod hot;
pub mod parse;
pub mod reply;
