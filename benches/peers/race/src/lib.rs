//! edx-auth compared with its peers and with the same work written by hand.
//!
//! Every contestant of a row is measured in one process and in turns, so that a busy moment of the
//! machine falls on all of them.
#![allow(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a row that cannot be set up is not measured"
)]

pub mod allocations;
pub mod curves;
pub mod endpoint;
pub mod figures;
pub mod peers;
pub mod rounds;
