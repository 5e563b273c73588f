//! Fixed tokens.

use edx_auth_core::{AccessToken, ClientName, Origins, RenewalError, TokenType};

use crate::TokenSource;
use crate::testing::{Ask, Flavor, HangGuard, cause, in_both_flavors, one_error, one_token};

in_both_flavors!(
    a_fixed_token_is_served,
    a_fixed_token_cannot_be_renewed,
    a_fixed_token_is_served_after_a_renewal_was_asked_for,
);

fn a_fixed_token_is_served<W: Flavor>() {
    let _guard = HangGuard::new();
    let source = fixed::<W>();

    one_token(W::start(20, &source, Ask::Token).results());

    let token = W::ask(&source, Ask::Token).unwrap();
    assert_eq!(token.authorization(), "JWT a.b.c");
}

fn a_fixed_token_cannot_be_renewed<W: Flavor>() {
    let _guard = HangGuard::new();
    let source = fixed::<W>();

    let error = one_error(W::start(20, &source, Ask::RenewNow).results());

    assert!(matches!(cause(&error), Some(RenewalError::Fixed)));
    assert!(!error.is_retryable());
}

fn a_fixed_token_is_served_after_a_renewal_was_asked_for<W: Flavor>() {
    let _guard = HangGuard::new();
    let source = fixed::<W>();

    W::ask(&source, Ask::RenewNow).unwrap_err();

    let token = W::ask(&source, Ask::Token).unwrap();
    assert_eq!(token.authorization(), "JWT a.b.c");
}

#[test]
fn a_fixed_token_may_have_a_label_and_a_name() {
    use crate::Blocking;
    let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
    let source = TokenSource::<Blocking>::builder_fixed(token, Origins::none())
        .client_name(ClientName::new("acme").unwrap())
        .label("tenant 7")
        .build()
        .unwrap();

    assert_eq!(source.health().label.as_deref(), Some("tenant 7"));
    assert!(source.client_name().is_some());
    assert_eq!(source.token().unwrap().authorization(), "JWT a.b.c");
    assert_eq!(fixed::<Blocking>().health().label.as_deref(), Some("fixed"));
}

fn fixed<W>() -> TokenSource<W> {
    let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
    TokenSource::fixed(token, Origins::none())
}
