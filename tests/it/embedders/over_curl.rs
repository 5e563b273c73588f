//! The example over libcurl, one request at a time.

#[path = "../exchanges/mod.rs"]
mod exchanges;

use edx_auth_core::{AccessToken, ApiUrl, ExchangeError, IssuedToken, TokenRequest};
use edx_auth_tests::drivers::embedded::{self, OverCurl};
use http::StatusCode;

const NAME: &str = super::NAME;

fn exchange(request: &TokenRequest) -> Result<IssuedToken, ExchangeError> {
    embedded::exchange::<OverCurl>(request)
}

fn get(url: &ApiUrl, token: &AccessToken) -> Result<(StatusCode, String), String> {
    super::status_and_text(embedded::get::<OverCurl>(url, token))
}

#[test]
fn an_exchange_with_a_zero_deadline_ends() {
    super::ends_without_any_time(exchange);
}
