//! The example of an event loop, one request at a time.

#[path = "../exchanges/mod.rs"]
mod exchanges;

use edx_auth_core::{AccessToken, ApiUrl, ExchangeError, IssuedToken, TokenRequest};
use edx_auth_tests::drivers::embedded::{self, OverEventLoop};
use http::StatusCode;

const NAME: &str = super::NAME;

fn exchange(request: &TokenRequest) -> Result<IssuedToken, ExchangeError> {
    embedded::exchange::<OverEventLoop>(request)
}

fn get(url: &ApiUrl, token: &AccessToken) -> Result<(StatusCode, String), String> {
    super::status_and_text(embedded::get::<OverEventLoop>(url, token))
}

#[test]
fn an_exchange_with_a_zero_deadline_ends() {
    super::ends_without_any_time(exchange);
}
