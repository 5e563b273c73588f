//! What comes of an attempt, made by a real exchange.

use std::sync::{Arc, LazyLock};

use edx_auth_core::{ClientCredentials, IssuedToken, RenewalError, TokenEndpoint, TokenRequest};
use http::Response;
use http::header::RETRY_AFTER;

use crate::deed::Outcome;
use crate::model::Time;
use crate::told::Why;

pub(super) fn result(outcome: Outcome) -> Result<IssuedToken, RenewalError> {
    match outcome {
        Outcome::Issued { name, expires_in } => {
            let (text, expires_in) = (text(self::name(name)), expires_in.max(SHORTEST));
            let body = format!(
                r#"{{"access_token": "{text}", "token_type": "JWT", "expires_in": {expires_in}}}"#
            );
            answered((200, None), &body)
        }
        Outcome::Unavailable { retry_after } => answered((503, retry_after), ""),
        Outcome::Throttled { retry_after } => answered((429, retry_after), ""),
        Outcome::Denied => answered((401, None), ""),
        Outcome::NoCredentials => Err(RenewalError::Credentials(Arc::new(std::fmt::Error))),
        Outcome::Fixed => Err(RenewalError::Fixed),
    }
}

/// Why there is no token, and how long the server asks to be left alone: an hour at most.
pub(super) fn failure(outcome: Outcome) -> (Why, Option<Time>) {
    let asked =
        |seconds: Option<u16>| seconds.map(|seconds| Time::from(seconds).min(3600) * SECOND);
    match outcome {
        Outcome::Unavailable { retry_after } => (Why::Unavailable, asked(retry_after)),
        Outcome::Throttled { retry_after } => (Why::Throttled, asked(retry_after)),
        Outcome::NoCredentials => (Why::NoCredentials, None),
        Outcome::Fixed => (Why::Fixed, None),
        Outcome::Denied | Outcome::Issued { .. } => (Why::Denied, None),
    }
}

/// A second less than was promised, and a year at most.
pub(super) fn life(expires_in: u32) -> Time {
    let seconds = Time::from(expires_in.max(SHORTEST)) - 1;
    seconds.min(365 * 24 * 3600) * SECOND
}

/// Few names, so that one and the same token comes twice.
pub(super) fn name(name: u8) -> u8 {
    name % 8
}

pub(super) fn text(name: u8) -> String {
    format!("token{name}")
}

fn answered(
    (status, retry_after): (u16, Option<u16>),
    body: &str,
) -> Result<IssuedToken, RenewalError> {
    let mut reply = Response::builder().status(status);
    if let Some(seconds) = retry_after {
        reply = reply.header(RETRY_AFTER, seconds);
    }
    let reply = reply.body(body.as_bytes()).expect("a reply");
    let (_, exchange) = REQUEST.begin();
    Ok(exchange.finish(reply)?)
}

static REQUEST: LazyLock<TokenRequest> = LazyLock::new(|| {
    let credentials = ClientCredentials::new("id", "secret").expect("a sound pair");
    TokenRequest::new(TokenEndpoint::edx(), credentials)
});

/// Less is no life.
const SHORTEST: u32 = 2;

pub(super) const MILLI: Time = 1_000_000;
pub(super) const SECOND: Time = 1_000 * MILLI;
