//! A driver against a loopback edX: one request, whatever is answered, and an error that says what
//! happened and nothing secret. Each driver's own file includes this one.

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
use edx_auth_testkit::{Behavior, MockEdx, Reply};
use edx_auth_tests::debug_output;
use edx_auth_tests::patience::{PATIENCE, within_patience};
use http::StatusCode;

/// What the driver calls itself.
const NAME: &str = super::NAME;

/// Status and body of a reply over the driver, or all that its absence shows.
fn status_and_text(url: &ApiUrl, token: &AccessToken) -> Result<(StatusCode, String), String> {
    super::get(url, token)
}

/// The request of the site's own client.
fn request_to(edx: &MockEdx) -> TokenRequest {
    request_of(edx, edx.client_id(), edx.client_secret())
}

fn request_of(edx: &MockEdx, id: &str, secret: &str) -> TokenRequest {
    let credentials = ClientCredentials::new(id, secret).unwrap();
    TokenRequest::new(TokenEndpoint::exact(&edx.token_url()).unwrap(), credentials)
}

/// One exchange that ends, and whose error does not show the secret of the site's own client.
fn exchange(request: &TokenRequest) -> Result<IssuedToken, ExchangeError> {
    let request = request.clone();
    let outcome = within_patience(move || super::exchange(&request));
    if let Err(error) = &outcome {
        let shown = debug_output::of_error(error).concat() + error.advice();
        assert!(!shown.contains("mock-edx-secret"), "{shown}");
    }
    outcome
}

/// What comes of one exchange with a site that answers so. There is one request, no matter what.
fn answered_with(behavior: impl Into<Behavior>) -> Result<IssuedToken, ExchangeError> {
    let edx = MockEdx::start().unwrap();
    let handle = edx.next_request(MockEdx::TOKEN_PATH, behavior);

    let outcome = exchange(&request_to(&edx));

    assert!(handle.ends_within(PATIENCE));
    assert_eq!(edx.requests().len(), 1);
    outcome
}

/// A reply with a token, as short as there is one.
fn token_reply() -> Reply {
    Reply::json(200, TOKEN_BODY)
}

const TOKEN_BODY: &str =
    r#"{"access_token": "e30.e30.c2ln", "expires_in": 3600, "token_type": "JWT"}"#;
