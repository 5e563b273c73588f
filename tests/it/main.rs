//! What crosses the rooms of edx-auth.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where its expectation does"
)]

mod five_second_tokens;
mod form_encoding;
mod herd;
mod life;
mod openedx_replies;
mod openedx_site;
mod parsing;
mod public_api;
mod quickstart;
mod reply_vectors;
mod scenarios;
mod secrecy;
mod twins;
mod ureq_exchange;
mod url_rules;
