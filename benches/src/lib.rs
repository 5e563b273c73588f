//! The rows that measure the cost of edx-auth: the same work by these crates and written by hand.
//!
//! *By hand* is the limit: the work without optional checks, bounds, or waiting callers. The programs
//! that count and those that take the time are elsewhere, so that both run the same code.
#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    clippy::must_use_candidate,
    reason = "a row that cannot be set up is not measured"
)]

pub mod build;
pub mod get;
pub mod hot;
pub mod parse;
pub mod response;
