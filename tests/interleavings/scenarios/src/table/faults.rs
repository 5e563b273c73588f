//! Exchanges that break, and exchanges that cannot begin.

use machine::{thread, time};

use crate::site::Answer;
use crate::{BRISK, HOUR, Plan, STEADY, Source, callers, site};

pub(super) fn an_exchange_that_panics_is_told_to_all<S: Source>() {
    let source = S::of(Plan::new(STEADY));
    site::answers([Answer::Panic]);

    let error = callers(8, &source, S::token).one_error();

    assert!(error.contains("given up"), "{error}");
    assert_eq!(site::requests(), 1);
}

pub(super) fn a_thread_that_cannot_be_had_is_told_to_all<S: Source>() {
    let source = S::of(Plan::new(STEADY));
    thread::refuse(1);

    let error = callers(8, &source, S::token).one_error();

    assert!(error.contains("given up"), "{error}");
    assert_eq!(site::requests(), 0);
}

pub(super) fn neither_a_panic_nor_a_missing_thread_is_the_end<S: Source>() {
    let source = S::of(Plan::new(BRISK).patience(2 * HOUR));
    site::answers([Answer::Panic]);
    thread::refuse(1);
    time::passes(HOUR);

    callers(4, &source, S::token).one_token();

    assert_eq!(site::requests(), 2);
}
