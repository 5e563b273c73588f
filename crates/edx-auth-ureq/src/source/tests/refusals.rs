//! Tokens that an API refuses.

use edx_auth_core::LiveToken;

use super::callers::{callers, one_token};
use super::held::hold_fresh;
use super::issuer::{Answer, Issuer};
use super::policies::LONG_PAUSES;
use crate::{Error, Invalidation, TokenSource};

#[test]
fn late_refusals_of_one_token_share_one_request() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_fresh(&source);
    let old = source.token().unwrap();

    let refused = callers(20, &source, refusing(&old));
    issuer.is_asked(1);
    issuer.answer([Answer::Token]);
    let new = one_token(refused.results());
    let later = one_token(callers(20, &source, refusing(&old)).results());

    assert!(new > old.generation());
    assert_eq!(later, new);
    assert_eq!(issuer.requests(), 1);
}

#[test]
fn a_refused_token_is_served_to_all_others() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_fresh(&source);
    let old = source.token().unwrap();

    let refusal = source.invalidate(&old);
    let others = one_token(callers(50, &source, TokenSource::token).results());
    issuer.is_asked(1);

    assert!(matches!(refusal, Invalidation::WillRenew { .. }));
    assert_eq!(others, old.generation());
    assert_eq!(issuer.requests(), 1);
}

#[test]
fn a_refused_token_never_comes_back_to_its_caller() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_fresh(&source);
    let old = source.token().unwrap();

    let _refusal = source.invalidate(&old);
    issuer.answer([Answer::Unavailable]);
    let error = source.token_newer_than(&old).unwrap_err();

    assert!(error.is_retryable());
    assert_eq!(source.token().unwrap().generation(), old.generation());
    assert_eq!(issuer.requests(), 1);
}

#[test]
fn the_refusal_of_a_replaced_token_is_no_request() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_fresh(&source);
    let old = source.token().unwrap();
    issuer.answer([Answer::Token]);
    let new = source.renew_now().unwrap();

    let refusal = source.invalidate(&old);
    let replacement = source.token_newer_than(&old).unwrap();

    assert_eq!(refusal, Invalidation::AlreadyReplaced);
    assert_eq!(replacement.generation(), new.generation());
    assert_eq!(issuer.requests(), 1);
}

/// A caller to whom an API has refused this token, and who asks for a newer one.
fn refusing(
    refused: &LiveToken,
) -> impl Fn(&TokenSource) -> Result<LiveToken, Error> + Clone + use<> {
    let refused = refused.clone();
    move |source| {
        let _refusal = source.invalidate(&refused);
        source.token_newer_than(&refused)
    }
}
