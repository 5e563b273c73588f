//! A site in trouble.

use machine::time;

use crate::site::Answer;
use crate::{BRISK, HOUR, Plan, STEADY, Source, callers, site};

pub(super) fn a_site_in_trouble_is_asked_once_per_pause<S: Source>() {
    let source = S::of(Plan::new(BRISK).patience(2 * HOUR));
    site::answers([Answer::Unavailable, Answer::Unavailable]);
    time::passes(HOUR);

    callers(4, &source, S::token).one_token();

    assert_eq!(site::requests(), 3);
}

pub(super) fn a_pause_that_is_too_long_is_told_to_all<S: Source>() {
    let source = S::of(Plan::new(STEADY));
    site::answers([Answer::Unavailable]);

    let error = callers(8, &source, S::token).one_error();

    assert!(error.contains("503"), "{error}");
    assert_eq!(site::requests(), 1);
}
