//! The blocking driver, one exchange and one call at a time.

#[path = "exchanges/mod.rs"]
mod exchanges;

use edx_auth_core::{AccessToken, ApiUrl, ExchangeError, IssuedToken, TokenRequest};
use edx_auth_tests::debug_output;
use edx_auth_tests::drivers::origin_of;
use edx_auth_ureq::{AuthorizedClient, Error, TokenSource};
use http::StatusCode;

const NAME: &str = "edx-auth-ureq/";

fn exchange(request: &TokenRequest) -> Result<IssuedToken, ExchangeError> {
    edx_auth_ureq::exchange(request).map_err(|error| match error {
        Error::Exchange(error) => error,
        other => panic!("the token request was not sent: {other}"),
    })
}

/// Returns the status and the body of a response, or the debug output of the error.
fn get(url: &ApiUrl, token: &AccessToken) -> Result<(StatusCode, String), String> {
    let source = TokenSource::fixed(token.clone(), origin_of(url));
    let client = AuthorizedClient::new(source).unwrap();
    let response = client.get(&url.to_string()).send();
    let mut response =
        response.map_err(|error| debug_output::of_error(&error).concat() + error.advice())?;
    let body = response.body_mut().read_to_string();
    Ok((response.status(), body.map_err(|error| error.to_string())?))
}
