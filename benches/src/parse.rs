//! Reads one token response, from bytes to a token with its header.
//!
//! Dropping the token and wiping its bytes is not part of the row: it happens an hour later, when no
//! caller waits.

use std::hint::black_box;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use edx_auth_core::{IssuedToken, TokenExchange};
use http::{HeaderValue, Response};
use serde::Deserialize;

/// Reads the response with these crates, including `iat` and `exp` of a JWT.
pub fn ours(exchange: TokenExchange, response: &[u8]) -> IssuedToken {
    black_box(exchange.finish(Response::new(response)).expect("a token"))
}

/// The fields that a program reads by hand: borrowed, and unchecked except for JSON.
#[derive(Deserialize)]
struct TokenResponse<'a> {
    access_token: &'a str,
    token_type: &'a str,
    expires_in: u64,
}

/// Reads the response by serde into a shared header and a lifetime. This is the limit.
pub fn by_hand(response: &[u8]) -> (HeaderValue, Duration) {
    let response: TokenResponse<'_> = serde_json::from_slice(response).expect("a token");
    let mut value = Vec::with_capacity(response.token_type.len() + 1 + response.access_token.len());
    value.extend_from_slice(response.token_type.as_bytes());
    value.push(b' ');
    value.extend_from_slice(response.access_token.as_bytes());
    let header = HeaderValue::from_maybe_shared(Bytes::from_owner(value));
    let mut header = header.expect("a header");
    header.set_sensitive(true);
    black_box((header, Duration::from_secs(response.expires_in)))
}

/// The two claims that determine a lifetime.
#[derive(Deserialize)]
struct Claims {
    iat: f64,
    exp: f64,
}

/// Does the same, and reads the JWT's claims: it decodes and reads the payload by the libraries of ours.
pub fn by_hand_with_claims(response: &[u8]) -> (HeaderValue, Duration) {
    let (header, life) = by_hand(response);
    let token = header.to_str().expect("text");
    let payload = token.split('.').nth(1);
    let payload = payload.and_then(|payload| URL_SAFE_NO_PAD.decode(payload).ok());
    let claims = payload.and_then(|payload| serde_json::from_slice::<Claims>(&payload).ok());
    let own = claims.map_or(f64::INFINITY, |claims| claims.exp - claims.iat);
    black_box((
        header,
        life.min(Duration::try_from_secs_f64(own).unwrap_or(life)),
    ))
}
