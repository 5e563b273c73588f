//! Outcomes of exchanges, made by the exchange itself.

use http::Response;

use super::history::Outcome;
use crate::error::ExchangeError;
use crate::exchange::{ClientCredentials, TokenEndpoint, TokenExchange, TokenRequest};
use crate::token::IssuedToken;

/// A token with this `expires_in`.
pub(super) fn issued(expires_in: u64) -> IssuedToken {
    let body = std::format!(
        r#"{{"access_token": "opaque{expires_in}", "token_type": "JWT", "expires_in": {expires_in}}}"#
    );
    exchange().finish(Response::new(body.as_bytes())).unwrap()
}

/// What a server answers that issues none.
pub(super) fn refused(outcome: Outcome) -> ExchangeError {
    let (status, retry_after) = match outcome {
        Outcome::Denied => (401, 0),
        Outcome::Throttled { retry_after } => (429, retry_after),
        Outcome::Unavailable | Outcome::Issued { .. } => (503, 0),
    };
    let reply = Response::builder()
        .status(status)
        .header("retry-after", retry_after);
    exchange().finish(reply.body(&[][..]).unwrap()).unwrap_err()
}

fn exchange() -> TokenExchange {
    let credentials = ClientCredentials::new("id", "secret").unwrap();
    TokenRequest::new(TokenEndpoint::edx(), credentials)
        .begin()
        .1
}
