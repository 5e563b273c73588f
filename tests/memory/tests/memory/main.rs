//! The memory that edx-auth uses, and the secrets that it must not leave there.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test ends where its expectation does"
)]

mod bodies;
mod idle;
mod parsing;
mod residue;
mod site;

use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
use edx_auth_memory::Watched;

#[global_allocator]
static ALLOCATOR: Watched = Watched;

/// Returns a request whose credentials have every character that an encoding changes.
fn request(token_url: &str) -> TokenRequest {
    let endpoint = TokenEndpoint::exact(token_url).unwrap();
    let credentials = ClientCredentials::new("acme", SECRET).unwrap();
    TokenRequest::new(endpoint, credentials)
}

const SECRET: &str = "cAnAry+of/the=secret";
