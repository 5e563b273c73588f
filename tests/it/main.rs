//! What crosses the rooms of edx-auth.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where its expectation does"
)]
#![allow(
    clippy::duplicate_mod,
    reason = "one list of tests, which each driver's file includes as its own"
)]

mod api_errors;
mod calls;
mod calls_openedx;
mod conformance;
mod embedders;
mod five_second_tokens;
mod form_encoding;
mod handed_in;
mod herd;
mod hostile;
mod life;
mod messages;
mod openedx_replies;
mod openedx_site;
mod origins;
mod over_reqwest;
mod over_ureq;
mod pages;
mod pages_openedx;
mod parsing;
mod promises;
mod public_api;
mod quickstart;
mod readme;
mod reply_vectors;
mod rotated_files;
mod secrecy;
mod security_md;
mod tls;
mod url_rules;
