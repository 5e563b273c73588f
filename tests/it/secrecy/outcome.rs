//! Everything that can be printed of the result of an exchange.

use edx_auth_core::{ExchangeError, IssuedToken, TokenRequest};
use edx_auth_tests::debug_output;
use http::Response;

pub(super) fn shown(request: &TokenRequest, response: &Response<Vec<u8>>) -> Vec<String> {
    let (_, exchange) = request.begin();
    let response = response.clone();
    let (head, body) = response.into_parts();
    match exchange.finish(Response::from_parts(head, &body)) {
        Ok(issued) => issued_token(&issued),
        Err(error) => exchange_error(&error),
    }
}

fn issued_token(issued: &IssuedToken) -> Vec<String> {
    let token = issued.token();
    let mut shown = debug_output::of_value(issued);
    shown.extend(debug_output::of_value(token));
    shown.extend(debug_output::of_value(token.authorization()));
    shown.extend(issued.scope().map(ToString::to_string));
    shown
}

fn exchange_error(error: &ExchangeError) -> Vec<String> {
    let mut shown = debug_output::of_error(error);
    shown.push(error.advice().to_owned());
    shown.extend(error.oauth_code().map(ToString::to_string));
    shown.extend(debug_output::of_value(&error.oauth_code()));
    shown
}
