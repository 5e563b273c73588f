//! No input from outside makes the core panic, and every token that it accepts is valid.

mod claims;
mod constructors;
mod expires_in;
mod hostile;
mod long_bodies;

use std::time::Duration;

use edx_auth_core::{
    ClientCredentials, ExchangeError, IssuedToken, TokenEndpoint, TokenRequest, TokenType,
};
use http::Response;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::Value;

proptest! {
    #[test]
    fn any_response_ends_in_a_token_or_an_error(request in request(), response in hostile::response()) {
        match finish(&request, &response) {
            Ok(issued) => {
                prop_assert!(is_header_safe(&issued), "{issued:?}");
                prop_assert!(lives_as_told(&issued, response.body()), "{issued:?}");
            }
            Err(error) => prop_assert!(is_presentable(&error), "{error:?}"),
        }
    }
}

fn request() -> impl Strategy<Value = TokenRequest> {
    select(vec![request_for_jwt(), request_for_both()])
}

fn request_for_both() -> TokenRequest {
    request_for_jwt().allow_bearer()
}

fn request_for_jwt() -> TokenRequest {
    let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
    TokenRequest::new(TokenEndpoint::edx(), credentials)
}

fn finish(
    request: &TokenRequest,
    response: &Response<Vec<u8>>,
) -> Result<IssuedToken, ExchangeError> {
    let (_, exchange) = request.begin();
    exchange.finish(response.clone().map(|_| response.body().as_slice()))
}

/// Returns whether the header value is a scheme, one space and a `b64token` of RFC 6750 section 2.1:
/// nothing that could end a header or start another.
fn is_header_safe(issued: &IssuedToken) -> bool {
    let token = issued.token();
    let header = token.authorization().to_str().unwrap();
    let unpadded = token.expose().trim_end_matches('=');
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~+/".contains(c);
    let scheme = match token.token_type() {
        TokenType::Jwt => "JWT",
        _ => "Bearer",
    };
    header == format!("{scheme} {}", token.expose())
        && !unpadded.is_empty()
        && unpadded.chars().all(allowed)
}

/// Returns whether the lifetime is positive, at most a year, and less than a plain `expires_in`.
fn lives_as_told(issued: &IssuedToken, body: &[u8]) -> bool {
    // Null if another number is too large for a `Value`: then there is no plain `expires_in`.
    let response: Value = serde_json::from_slice(body).unwrap_or_default();
    let told = response["expires_in"].as_u64().map(Duration::from_secs);
    let life = issued.lifetime();
    !life.is_zero() && life <= YEAR && told.is_none_or(|told| life < told)
}

/// Returns whether the error has a short message in one line without control characters, advice, and
/// a wait only if waiting helps.
fn is_presentable(error: &ExchangeError) -> bool {
    let shown = error.to_string();
    let steers = |c: char| c.is_control() || c == '\u{202e}';
    let wait = error.retry_after();
    !shown.contains(steers)
        && shown.chars().count() < 700
        && !error.advice().is_empty()
        && wait.is_none_or(|wait| error.is_retryable() && wait <= Duration::from_secs(3600))
}

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
