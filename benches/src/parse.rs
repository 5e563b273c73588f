//! One token reply, from its bytes to a token with its header ready.
//!
//! The end of the token, and with it the wiping of its bytes, is no part of the row: it comes an hour
//! later, and never while a caller waits.

use std::hint::black_box;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use bytes::Bytes;
use edx_auth_core::{IssuedToken, TokenExchange};
use http::{HeaderValue, Response};
use serde::Deserialize;

/// Ours: with the JWT's own `iat` and `exp` looked at, where the token is one.
pub fn ours(exchange: TokenExchange, reply: &[u8]) -> IssuedToken {
    black_box(exchange.finish(Response::new(reply)).expect("a token"))
}

/// What a program reads by hand: borrowed, with nothing checked but the JSON.
#[derive(Deserialize)]
struct TokenReply<'a> {
    access_token: &'a str,
    token_type: &'a str,
    expires_in: u64,
}

/// The limit: serde, a header that is ready and shared, and for how long.
pub fn by_hand(reply: &[u8]) -> (HeaderValue, Duration) {
    let reply: TokenReply<'_> = serde_json::from_slice(reply).expect("a token");
    let mut value = Vec::with_capacity(reply.token_type.len() + 1 + reply.access_token.len());
    value.extend_from_slice(reply.token_type.as_bytes());
    value.push(b' ');
    value.extend_from_slice(reply.access_token.as_bytes());
    let header = HeaderValue::from_maybe_shared(Bytes::from_owner(value));
    let mut header = header.expect("a header");
    header.set_sensitive(true);
    black_box((header, Duration::from_secs(reply.expires_in)))
}

/// The two claims that a life is counted by.
#[derive(Deserialize)]
struct Claims {
    iat: f64,
    exp: f64,
}

/// The same with the JWT's own life looked at: its payload decoded and read by the same libraries.
pub fn by_hand_with_claims(reply: &[u8]) -> (HeaderValue, Duration) {
    let (header, life) = by_hand(reply);
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
