//! What crosses the rooms of edx-auth.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where its expectation does"
)]

mod form_encoding;
mod life;
mod openedx_replies;
mod openedx_site;
mod parsing;
mod quickstart;
mod reply_vectors;
mod secrecy;
mod ureq_exchange;
mod url_rules;
