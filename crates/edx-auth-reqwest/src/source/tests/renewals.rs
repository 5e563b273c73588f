//! A token at hand, and a newer one on its way.

use super::callers::{callers, one_token, renew_now, token};
use super::held::{hold_due, hold_fresh};
use super::issuer::{Answer, Issuer};
use super::policies::LONG_PAUSES;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_waits_for_a_renewal() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_due(&source);

    let old = one_token(callers(50, &source, token).results().await);
    issuer.is_asked(1);
    let meanwhile = one_token(callers(50, &source, token).results().await);

    assert_eq!(meanwhile, old);
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewed_token_is_served_from_then_on() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_due(&source);
    let old = source.token().await.unwrap();

    issuer.answer([Answer::Token]);
    let new = source.token_newer_than(&old).await.unwrap();
    let later = one_token(callers(50, &source, token).results().await);

    assert!(new.generation() > old.generation());
    assert_eq!(later, new.generation());
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_renewal_fails_nobody() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_due(&source);
    let old = source.token().await.unwrap();

    issuer.answer([Answer::Unavailable]);
    source.token_newer_than(&old).await.unwrap_err();
    let served = one_token(callers(50, &source, token).results().await);

    assert_eq!(served, old.generation());
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forced_renewal_brings_a_newer_token() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_fresh(&source);
    let old = source.token().await.unwrap();

    issuer.answer([Answer::Token]);
    let new = source.renew_now().await.unwrap();

    assert!(new.generation() > old.generation());
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn forced_renewals_keep_no_distance() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_fresh(&source);

    issuer.answer([Answer::Token; 2]);
    let first = source.renew_now().await.unwrap();
    let second = source.renew_now().await.unwrap();

    assert!(second.generation() > first.generation());
    assert_eq!(issuer.requests(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn forced_renewals_at_once_share_one_request() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_fresh(&source);
    let old = source.token().await.unwrap();

    let renewing = callers(50, &source, renew_now);
    renewing.are_waiting();
    let meanwhile = one_token(callers(50, &source, token).results().await);
    issuer.answer([Answer::Token]);
    let new = one_token(renewing.results().await);

    assert_eq!(meanwhile, old.generation());
    assert!(new > old.generation());
    assert_eq!(issuer.requests(), 1);
}
