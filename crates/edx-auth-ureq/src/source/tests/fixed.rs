//! A token that was handed in as it is.

use edx_auth_core::{AccessToken, Origins, RenewalError, TokenType};

use super::callers::{callers, cause, one_error, one_token};
use super::hang_guard::HangGuard;
use crate::TokenSource;

#[test]
fn a_token_that_was_handed_in_is_served() {
    let _guard = HangGuard::new();
    let source = handed_in();

    let tokens = callers(50, &source, TokenSource::token).results();

    one_token(tokens);
    assert_eq!(source.token().unwrap().authorization(), "JWT a.b.c");
}

#[test]
fn a_token_that_was_handed_in_cannot_be_renewed() {
    let _guard = HangGuard::new();
    let source = handed_in();

    let error = one_error(callers(50, &source, TokenSource::renew_now).results());

    assert!(matches!(cause(&error), Some(RenewalError::Fixed)));
    assert!(!error.is_retryable());
}

#[test]
fn a_token_that_could_not_be_renewed_is_still_served() {
    let _guard = HangGuard::new();
    let source = handed_in();

    source.renew_now().unwrap_err();

    assert_eq!(source.token().unwrap().authorization(), "JWT a.b.c");
}

fn handed_in() -> TokenSource {
    let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
    TokenSource::fixed(token, Origins::none())
}
