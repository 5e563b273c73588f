//! The async driver, one exchange and one call at a time.

#[path = "exchanges/mod.rs"]
mod exchanges;

use edx_auth_core::{AccessToken, ApiUrl, ExchangeError, IssuedToken, TokenRequest};
use edx_auth_reqwest::{AuthorizedClient, Error, TokenSource};
use edx_auth_tests::debug_output;
use edx_auth_tests::drivers::origin_of;
use http::StatusCode;
use tokio::runtime::{Builder, Runtime};

const NAME: &str = "edx-auth-reqwest/";

fn exchange(request: &TokenRequest) -> Result<IssuedToken, ExchangeError> {
    runtime()
        .block_on(edx_auth_reqwest::exchange(request))
        .map_err(|error| match error {
            Error::Exchange(error) => error,
            other => panic!("the token request was not sent: {other}"),
        })
}

/// Returns the status and the body of a response, or the debug output of the error.
fn get(url: &ApiUrl, token: &AccessToken) -> Result<(StatusCode, String), String> {
    runtime().block_on(async {
        let source = TokenSource::fixed(token.clone(), origin_of(url));
        let client = AuthorizedClient::new(source).unwrap();
        let response = client.get(&url.to_string()).send().await;
        let response =
            response.map_err(|error| debug_output::of_error(&error).concat() + error.advice())?;
        let status = response.status();
        let body = response.text().await;
        Ok((status, body.map_err(|error| error.to_string())?))
    })
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}
