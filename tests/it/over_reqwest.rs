//! The async driver, one exchange and one call at a time.

#[path = "exchanges/mod.rs"]
mod exchanges;

use edx_auth_core::{AccessToken, ApiUrl, ExchangeError, IssuedToken, TokenRequest};
use edx_auth_reqwest::{AuthorizedClient, TokenSource};
use edx_auth_tests::debug_output;
use edx_auth_tests::drivers::origin_of;
use http::StatusCode;
use tokio::runtime::{Builder, Runtime};

const NAME: &str = "edx-auth-reqwest/";

fn exchange(request: &TokenRequest) -> Result<IssuedToken, ExchangeError> {
    runtime().block_on(edx_auth_reqwest::exchange(request))
}

/// Status and body of a reply, or all that its absence shows.
fn get(url: &ApiUrl, token: &AccessToken) -> Result<(StatusCode, String), String> {
    runtime().block_on(async {
        let source = TokenSource::fixed(token.clone(), origin_of(url));
        let client = AuthorizedClient::new(source).unwrap();
        let reply = client.get(&url.to_string()).send().await;
        let reply =
            reply.map_err(|error| debug_output::of_error(&error).concat() + error.advice())?;
        let status = reply.status();
        let body = reply.text().await;
        Ok((status, body.map_err(|error| error.to_string())?))
    })
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}
