//! Every documented reply of a mock site, over a real socket and to the byte.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod arrows;
mod behaviors;
mod catalog_replies;
mod changing_clients;
mod connections;
mod endings;
mod gateway;
mod lists;
mod log;
mod order;
mod own_replies;
mod routes;
mod throttling;
mod token_refusals;
mod token_replies;
mod until_released;
mod wire;
