//! Requests do not print the secret that they carry.

use edx_auth_core::{AccessToken, ClientCredentials, CredentialsError, TokenType};
use edx_auth_tests::debug_output;
use proptest::prelude::*;
use proptest::sample::select;

use super::canary::{ID, SECRET, TOKEN, assert_absent, request};

#[test]
fn a_request_and_its_exchange_show_no_secret() {
    for request in [request(), request().basic_auth()] {
        let (to_send, exchange) = request.begin();

        assert_absent(&debug_output::of_value(&request), "TokenRequest");
        assert_absent(&debug_output::of_value(&exchange), "TokenExchange");
        assert_absent(&debug_output::of_value(&to_send), "http::Request");
        assert_absent(&debug_output::of_value(to_send.headers()), "its headers");
        assert_absent(&debug_output::of_value(to_send.body()), "FormBody");
    }
}

#[test]
fn client_credentials_show_only_the_client_id() {
    let credentials = ClientCredentials::new(ID, SECRET).unwrap();

    assert_absent(&debug_output::of_value(&credentials), "ClientCredentials");
    assert!(format!("{credentials:?}").contains(ID));
}

#[test]
fn a_token_shows_only_its_type() {
    let token = AccessToken::new(TokenType::Jwt, TOKEN).unwrap();

    assert_absent(&debug_output::of_value(&token), "AccessToken");
    assert_absent(&debug_output::of_value(token.authorization()), "its header");
    assert!(format!("{token:?}").contains("JWT"));
}

#[test]
fn a_text_that_is_not_a_token_is_not_shown() {
    let error = AccessToken::new(TokenType::Jwt, &format!("JWT {TOKEN}")).unwrap_err();

    assert_absent(&debug_output::of_error(&error), "AccessTokenError");
    assert_absent(&[error.advice().to_owned()], "its advice");
}

proptest! {
    #[test]
    fn a_damaged_secret_is_not_shown(
        (place, _) in select(SECRET.char_indices().collect::<Vec<_>>()),
        damage in "[\\x00-\\x1f\\x7f]{1,3}",
    ) {
        let (head, tail) = SECRET.split_at(place);

        let error = ClientCredentials::new(ID, format!("{head}{damage}{tail}")).unwrap_err();

        assert_absent(&shown_of(error), "CredentialsError");
    }
}

fn shown_of(error: CredentialsError) -> Vec<String> {
    let mut shown = debug_output::of_error(&error);
    shown.push(error.advice().to_owned());
    shown
}
