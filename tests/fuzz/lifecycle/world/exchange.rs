//! Token requests and their results.

use edx_auth_core::{
    ClientCredentials, Event, ExchangeTicket, Jitter, Moment, TokenAgent, TokenEndpoint,
    TokenRequest, TransportFailure,
};
use http::Response;
use http::header::RETRY_AFTER;

use crate::action::Outcome;
use crate::model::Time;
use crate::report::Why;

/// Returns a request with the client credentials of this number.
pub(super) fn request(number: u64) -> TokenRequest {
    let credentials = ClientCredentials::new(format!("id{number}"), "secret");
    let credentials = credentials.expect("valid credentials");
    TokenRequest::new(TokenEndpoint::edx(), credentials).deadline(std::time::Duration::ZERO)
}

/// Reports the end of a token request.
pub(super) fn end(
    agent: &mut TokenAgent,
    ticket: ExchangeTicket,
    outcome: Outcome,
    (now, jitter): (Moment, Jitter),
) -> Event {
    let ((status, retry_after), body) = match outcome {
        Outcome::Issued { name, expires_in } => {
            let (text, expires_in) = (text(self::name(name)), expires_in.max(SHORTEST));
            let body = format!(
                r#"{{"access_token": "{text}", "token_type": "JWT", "expires_in": {expires_in}}}"#
            );
            ((200, None), body)
        }
        Outcome::Unavailable { retry_after } => ((503, retry_after), String::new()),
        Outcome::Throttled { retry_after } => ((429, retry_after), String::new()),
        Outcome::Denied => (
            (400, None),
            r#"{"error": "unauthorized_client"}"#.to_owned(),
        ),
        Outcome::UnknownClient => ((401, None), r#"{"error": "invalid_client"}"#.to_owned()),
        Outcome::Disconnected => {
            return agent.on_failure(ticket, TransportFailure::MaybeSent, now, jitter);
        }
    };
    let mut response = Response::builder().status(status);
    if let Some(seconds) = retry_after {
        response = response.header(RETRY_AFTER, seconds);
    }
    let response = response.body(body).expect("a response");
    agent.on_response(ticket, response, now, jitter)
}

/// Returns why a failed outcome brings no token, and the wait that the server requests: an hour at most.
pub(super) fn failure(outcome: Outcome) -> (Why, Option<Time>) {
    let asked =
        |seconds: Option<u16>| seconds.map(|seconds| Time::from(seconds).min(3600) * SECOND);
    match outcome {
        Outcome::Unavailable { retry_after } => (Why::Unavailable, asked(retry_after)),
        Outcome::Throttled { retry_after } => (Why::Throttled, asked(retry_after)),
        Outcome::Disconnected => (Why::Disconnected, None),
        Outcome::UnknownClient => (Why::UnknownClient, None),
        Outcome::Denied | Outcome::Issued { .. } => (Why::Denied, None),
    }
}

/// Returns the lifetime that the agent assumes: a second less than the server said, and at most a year.
pub(super) fn life(expires_in: u32) -> Time {
    let seconds = Time::from(expires_in.max(SHORTEST)) - 1;
    seconds.min(365 * 24 * 3600) * SECOND
}

/// Returns one of only eight names, so that some tokens are issued twice.
pub(super) fn name(name: u8) -> u8 {
    name % 8
}

pub(super) fn text(name: u8) -> String {
    format!("token{name}")
}

/// The shortest lifetime that a server says, in seconds.
const SHORTEST: u32 = 2;

pub(super) const MILLI: Time = 1_000_000;
pub(super) const SECOND: Time = 1_000 * MILLI;
