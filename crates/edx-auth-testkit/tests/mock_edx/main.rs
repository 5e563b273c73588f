//! Every documented reply of a mock site, over a real socket and to the byte.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod arrows;
mod catalog_replies;
mod connections;
mod endings;
mod gateway;
mod held;
mod lists;
mod log;
mod order;
mod own_replies;
mod plays;
mod routes;
mod throttling;
mod token_refusals;
mod token_replies;
mod wire;
