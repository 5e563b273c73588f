//! A token at hand, and a newer one on its way.

use std::sync::Arc;

use edx_auth_core::LiveToken;

use super::callers::{callers, one_token};
use super::count::Count;
use super::held::{hold_due, hold_fresh};
use super::issuer::{Answer, Issuer};
use super::policies::{LONG_PAUSES, PATIENCE};
use crate::{Error, TokenSource};

#[test]
fn nobody_waits_for_a_renewal() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_due(&source);

    let old = one_token(callers(50, &source, TokenSource::token).results());
    issuer.is_asked(1);
    let meanwhile = one_token(callers(50, &source, TokenSource::token).results());

    assert_eq!(meanwhile, old);
    assert_eq!(issuer.requests(), 1);
}

#[test]
fn a_renewed_token_is_served_from_then_on() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_due(&source);
    let old = source.token().unwrap();

    issuer.answer([Answer::Token]);
    let new = source.token_newer_than(&old).unwrap();
    let later = one_token(callers(50, &source, TokenSource::token).results());

    assert!(new.generation() > old.generation());
    assert_eq!(later, new.generation());
    assert_eq!(issuer.requests(), 1);
}

#[test]
fn a_failed_renewal_fails_nobody() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_due(&source);
    let old = source.token().unwrap();

    issuer.answer([Answer::Unavailable]);
    source.token_newer_than(&old).unwrap_err();
    let served = one_token(callers(50, &source, TokenSource::token).results());

    assert_eq!(served, old.generation());
    assert_eq!(issuer.requests(), 1);
}

#[test]
fn a_forced_renewal_brings_a_newer_token() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_fresh(&source);
    let old = source.token().unwrap();

    issuer.answer([Answer::Token]);
    let new = source.renew_now().unwrap();

    assert!(new.generation() > old.generation());
    assert_eq!(issuer.requests(), 1);
}

#[test]
fn forced_renewals_keep_no_distance() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_fresh(&source);

    issuer.answer([Answer::Token; 2]);
    let first = source.renew_now().unwrap();
    let second = source.renew_now().unwrap();

    assert!(second.generation() > first.generation());
    assert_eq!(issuer.requests(), 2);
}

#[test]
fn forced_renewals_at_once_share_one_request() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_fresh(&source);
    let old = source.token().unwrap();

    let forced = Arc::new(Count::default());
    let renewing = callers(50, &source, renewal_noted_by(&forced));
    forced.reaches(50);
    let meanwhile = one_token(callers(50, &source, TokenSource::token).results());
    issuer.answer([Answer::Token]);
    let new = one_token(renewing.results());

    assert_eq!(meanwhile, old.generation());
    assert!(new > old.generation());
    assert_eq!(issuer.requests(), 1);
}

/// `renew_now` in its two halves, noted in between.
fn renewal_noted_by(
    forced: &Arc<Count>,
) -> impl Fn(&TokenSource) -> Result<LiveToken, Error> + Clone + use<> {
    let forced = Arc::clone(forced);
    move |source| {
        let need = source.force();
        forced.add();
        source.ask(need, PATIENCE)
    }
}
