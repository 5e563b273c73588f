//! Tests across the crates of edx-auth.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed expectation ends the test"
)]
#![allow(
    clippy::duplicate_mod,
    reason = "the file of each driver includes the same tests"
)]

mod advice;
mod api_errors;
mod calls;
mod calls_openedx;
mod conformance;
mod deprecations;
#[cfg(unix)]
mod descriptors;
mod documents;
mod embedders;
mod five_second_tokens;
mod form_encoding;
mod herd;
mod hostile;
mod language;
mod layers;
mod life;
mod messages;
mod openedx_responses;
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
mod real_proxies;
mod required_successes;
mod rotated_files;
mod secrecy;
mod security_md;
mod shared_token;
#[cfg(unix)]
mod stopped;
mod supplied_clients;
mod tls;
mod url_rules;
mod vectors;
