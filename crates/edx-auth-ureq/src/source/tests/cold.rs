//! Many callers, and no token yet.

use std::time::Duration;

use super::callers::{callers, cause, one_token};
use super::issuer::{Answer, Issuer};
use super::policies::LONG_PAUSES;
use crate::TokenSource;

#[test]
fn callers_who_ask_at_once_share_one_request() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);

    let callers = callers(256, &source, TokenSource::token);
    issuer.is_asked(1);
    issuer.answer([Answer::Token]);

    one_token(callers.results());
    assert_eq!(issuer.requests(), 1);
}

#[test]
fn a_leader_without_patience_leaves_and_the_others_get_the_token() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);

    let error = source.token_within(Duration::ZERO).unwrap_err();
    let others = callers(50, &source, TokenSource::token);
    issuer.answer([Answer::Token]);

    assert!(cause(&error).is_none());
    assert!(error.is_retryable());
    one_token(others.results());
    assert_eq!(issuer.requests(), 1);
}

#[test]
fn a_token_that_comes_while_callers_line_up_reaches_them_all() {
    for _ in 0..50 {
        let issuer = Issuer::new();
        let source = issuer.source(LONG_PAUSES);

        issuer.answer([Answer::Token]);
        let callers = callers(16, &source, TokenSource::token);

        one_token(callers.results());
        assert_eq!(issuer.requests(), 1);
    }
}
