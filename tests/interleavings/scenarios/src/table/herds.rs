//! Many callers, and one exchange.

use std::time::Duration;

use crate::site::Answer;
use crate::{Plan, STEADY, Source, callers, no_token, site};

pub(super) fn cold_callers_share_one_exchange<S: Source>() {
    let source = S::of(Plan::new(STEADY));

    let _token = callers(8, &source, S::token).one_token();

    assert_eq!(site::requests(), 1);
}

pub(super) fn refused_callers_share_one_cause<S: Source>() {
    let source = S::of(Plan::new(STEADY));
    site::answers([Answer::Refused]);

    let error = callers(8, &source, S::token).one_error();

    assert!(error.contains("invalid_client"), "{error}");
    assert_eq!(site::requests(), 1);
}

pub(super) fn a_caller_without_patience_leaves_an_exchange_for_the_others<S: Source>() {
    let source = S::of(Plan::new(STEADY));

    let hasty = callers(2, &source, |source| source.token_within(Duration::ZERO));
    let patient = callers(3, &source, S::token);

    for asked in hasty.results() {
        assert!(asked.is_ok() || no_token(asked).cause().is_none());
    }
    patient.one_token();
    assert_eq!(site::requests(), 1);
}
