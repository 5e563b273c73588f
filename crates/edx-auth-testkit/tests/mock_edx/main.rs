//! Every documented response of a mock site, over a real socket and to the byte.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

mod behaviors;
mod catalog_responses;
mod changing_clients;
mod connections;
mod endings;
mod gateway;
mod import_direction;
mod lists;
mod log;
mod order;
mod own_responses;
mod routes;
mod throttling;
mod token_denials;
mod token_responses;
mod until_released;
mod wire;
