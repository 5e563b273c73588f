//! Tests of a driver against a loopback Open edX, one request at a time. Each driver has a file that includes
//! this one and defines `NAME`, `exchange` and `get`. Whichever response the site sends, it gets one request,
//! and the driver's error is specific and contains no secret.

mod bodies;
mod connections;
mod deadlines;
mod malformed;
mod redirects;
mod resource;
mod site;
mod verdicts;

use edx_auth_core::{
    AccessToken, ApiUrl, ClientCredentials, ExchangeError, IssuedToken, TokenEndpoint, TokenRequest,
};
use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use edx_auth_tests::debug_output;
use edx_auth_tests::timeout::{TIMEOUT, within_timeout};
use http::StatusCode;

/// The driver's name in `User-Agent`.
const NAME: &str = super::NAME;

/// Returns the status and the body of a response, or the debug output of the error.
fn status_and_text(url: &ApiUrl, token: &AccessToken) -> Result<(StatusCode, String), String> {
    super::get(url, token)
}

/// Returns a token request of the client that the site knows.
fn request_to(edx: &MockEdx) -> TokenRequest {
    request_of(edx, edx.client_id(), edx.client_secret())
}

fn request_of(edx: &MockEdx, id: &str, secret: &str) -> TokenRequest {
    let credentials = ClientCredentials::new(id, secret).unwrap();
    TokenRequest::new(TokenEndpoint::exact(&edx.token_url()).unwrap(), credentials)
}

/// Sends a token request and checks that the error, if any, does not contain the secret.
fn exchange(request: &TokenRequest) -> Result<IssuedToken, ExchangeError> {
    let request = request.clone();
    let outcome = within_timeout(move || super::exchange(&request));
    if let Err(error) = &outcome {
        let shown = debug_output::of_error(error).concat() + error.advice();
        assert!(!shown.contains("mock-edx-secret"), "{shown}");
    }
    outcome
}

/// Sends a token request to a site with this behavior, and checks that it is only one request.
fn exchange_with(behavior: impl Into<Behavior>) -> Result<IssuedToken, ExchangeError> {
    let edx = MockEdx::start().unwrap();
    let handle = edx.next_request(MockEdx::TOKEN_PATH, behavior);

    let outcome = exchange(&request_to(&edx));

    assert!(handle.ends_within(TIMEOUT));
    assert_eq!(edx.requests().len(), 1);
    outcome
}

/// The shortest response with a token.
fn token_response() -> MockResponse {
    MockResponse::json(200, TOKEN_BODY)
}

const TOKEN_BODY: &str =
    r#"{"access_token": "e30.e30.c2ln", "expires_in": 3600, "token_type": "JWT"}"#;
