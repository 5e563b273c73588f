//! Credentials that change, or cannot be had.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use edx_auth_core::RenewalError;

use super::callers::{callers, cause, one_error, one_token};
use super::held::hold_due;
use super::issuer::{Answer, Issuer, pair, request};
use super::policies::LONG_PAUSES;
use crate::TokenSource;
use crate::source::credentials::Credentials;

#[test]
fn where_a_pair_is_unknown_the_next_one_is_tried_at_once() {
    let issuer = Issuer::new();
    let source = issuer.source_for(yielding(["old", "new"]), LONG_PAUSES);

    let callers = callers(50, &source, TokenSource::token);
    issuer.answer([Answer::Refused, Answer::Token]);

    one_token(callers.results());
    assert_eq!(issuer.asked_by(), ["old", "new"]);
}

#[test]
fn the_refusal_of_an_old_pair_is_shown_to_nobody() {
    let issuer = Issuer::new();
    let source = issuer.source_for(yielding(["old", "new"]), LONG_PAUSES);

    let patient = callers(50, &source, TokenSource::token);
    issuer.answer([Answer::Refused]);
    issuer.is_asked(2);
    let error = source.token_within(Duration::ZERO).unwrap_err();
    issuer.answer([Answer::Token]);

    assert!(cause(&error).is_none(), "{error}");
    one_token(patient.results());
    assert_eq!(issuer.asked_by(), ["old", "new"]);
}

#[test]
fn a_pair_that_was_refused_is_not_tried_twice() {
    let issuer = Issuer::new();
    let source = issuer.source_for(yielding(["old", "old"]), LONG_PAUSES);

    let callers = callers(50, &source, TokenSource::token);
    issuer.answer([Answer::Refused]);

    let error = one_error(callers.results());
    assert!(!error.is_retryable());
    assert_eq!(issuer.asked_by(), ["old"]);
}

#[test]
fn a_pair_that_is_refused_too_ends_the_trying() {
    let issuer = Issuer::new();
    let source = issuer.source_for(yielding(["old", "new", "newer"]), LONG_PAUSES);

    let callers = callers(50, &source, TokenSource::token);
    issuer.answer([Answer::Refused, Answer::Refused]);

    let error = one_error(callers.results());
    assert!(!error.is_retryable());
    assert_eq!(issuer.asked_by(), ["old", "new"]);
}

#[test]
fn a_pair_regenerated_under_a_live_token_fails_nobody() {
    let issuer = Issuer::new();
    let source = issuer.source_for(yielding(["old", "new"]), LONG_PAUSES);
    hold_due(&source);

    let old = source.token().unwrap();
    issuer.answer([Answer::Refused]);
    issuer.is_asked(2);
    let meanwhile = one_token(callers(50, &source, TokenSource::token).results());
    let waiting = callers(50, &source, move |source| source.token_newer_than(&old));
    issuer.answer([Answer::Token]);

    assert!(one_token(waiting.results()) > meanwhile);
    assert_eq!(issuer.asked_by(), ["old", "new"]);
}

#[test]
fn credentials_that_cannot_be_had_are_no_request() {
    let issuer = Issuer::new();
    let nothing = Credentials::changing(
        request("acme-api"),
        Box::new(|| Err("the vault is sealed".into())),
    );
    let source = issuer.source_for(nothing, LONG_PAUSES);

    let callers = callers(50, &source, TokenSource::token);

    let error = one_error(callers.results());
    assert!(error.to_string().contains("the vault is sealed"));
    assert!(error.is_retryable());
    assert_eq!(issuer.requests(), 0);
}

#[test]
fn panicking_credentials_are_no_request() {
    let issuer = Issuer::new();
    let broken =
        Credentials::changing(request("acme-api"), Box::new(|| panic!("the vault breaks")));
    let source = issuer.source_for(broken, LONG_PAUSES);

    let callers = callers(50, &source, TokenSource::token);

    let error = one_error(callers.results());
    assert!(matches!(cause(&error), Some(RenewalError::Abandoned)));
    assert_eq!(issuer.requests(), 0);
}

/// The pairs of these clients, one after the other; then none.
fn yielding<const N: usize>(clients: [&'static str; N]) -> Credentials {
    let clients = Mutex::new(VecDeque::from(clients));
    let next = move || {
        let client = clients.lock().unwrap().pop_front();
        client
            .map(pair)
            .ok_or_else(|| "there is no other pair".into())
    };
    Credentials::changing(request("acme-api"), Box::new(next))
}
