//! One source and its callers, whatever happens to the exchange, the threads and the credentials.
//!
//! Gates order everything: no test waits for a clock, and each knows how often a token was asked
//! for.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod callers;
mod count;
mod hang_guard;
mod held;
mod issuer;
mod policies;

mod clones;
mod cold;
mod credentials;
mod faults;
mod fixed;
mod pauses;
mod places;
mod refusals;
mod renewals;
mod slow_credentials;
