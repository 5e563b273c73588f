//! A site that answers, and issues no token.

use super::callers::{callers, cause, one_error, one_token, token};
use super::issuer::{Answer, Issuer};
use super::policies::{LONG_PAUSES, SHORT_PAUSES};
use crate::{Error, RenewalError};

#[tokio::test(flavor = "multi_thread")]
async fn a_long_pause_sends_everybody_away_with_the_same_cause() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);

    let callers = callers(50, &source, token);
    issuer.is_asked(1);
    issuer.answer([Answer::Unavailable]);

    let error = one_error(callers.results().await);
    assert_eq!(status(&error), Some(503));
    assert!(error.is_retryable() && error.retry_after().is_some());
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn short_pauses_are_waited_out_with_one_request_each() {
    let issuer = Issuer::new();
    let source = issuer.source(SHORT_PAUSES);

    let callers = callers(50, &source, token);
    issuer.answer([Answer::Unavailable; 3]);
    issuer.answer([Answer::Token]);

    one_token(callers.results().await);
    assert_eq!(issuer.requests(), 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_secret_sends_everybody_away_at_once() {
    let issuer = Issuer::new();
    let source = issuer.source(SHORT_PAUSES);

    let callers = callers(50, &source, token);
    issuer.is_asked(1);
    issuer.answer([Answer::Refused]);

    let error = one_error(callers.results().await);
    assert_eq!(status(&error), Some(401));
    assert!(!error.is_retryable());
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_secret_is_not_tried_again_within_its_pause() {
    let issuer = Issuer::new();
    let source = issuer.source(SHORT_PAUSES);
    issuer.answer([Answer::Refused]);
    let refused = source.token().await.unwrap_err();

    let later = callers(50, &source, token);

    let error = one_error(later.results().await);
    assert_eq!(error.to_string(), refused.to_string());
    assert_eq!(issuer.requests(), 1);
}

fn status(error: &Error) -> Option<u16> {
    match cause(error) {
        Some(RenewalError::Exchange(error)) => error.status().map(|status| status.as_u16()),
        other => panic!("{other:?}"),
    }
}
