//! A token at hand, and a newer one on its way.

use std::time::Duration;

use machine::{thread, time};

use crate::site::Answer;
use crate::{HOUR, Plan, STEADY, Source, callers, site};

pub(super) fn a_due_token_is_served_while_one_asks<S: Source>() {
    let source = S::of(Plan::new(STEADY));
    let old = source.token().unwrap().generation();
    time::pass(DUE);

    let served = callers(8, &source, S::token).tokens();

    assert!(served.iter().all(|token| *token >= old));
    thread::end();
    assert!(source.token().unwrap().generation() > old);
    assert_eq!(site::requests(), 2);
}

/// Time stands still, and so does the exchange, until all of them have been served.
pub(super) fn nobody_waits_for_a_renewal<S: Source>() {
    let source = S::of(Plan::new(STEADY));
    let old = source.token().unwrap().generation();
    time::pass(DUE);
    site::answers([Answer::Late(Duration::from_secs(10))]);

    assert_eq!(callers(6, &source, S::token).one_token(), old);

    time::passes(HOUR);
    thread::end();
    assert!(source.token().unwrap().generation() > old);
    assert_eq!(site::requests(), 2);
}

pub(super) fn a_failed_renewal_fails_nobody<S: Source>() {
    let source = S::of(Plan::new(STEADY));
    let old = source.token().unwrap().generation();
    time::pass(DUE);
    site::answers([Answer::Unavailable]);

    assert_eq!(callers(8, &source, S::token).one_token(), old);

    thread::end();
    assert_eq!(site::requests(), 2);
}

pub(super) fn whoever_forces_a_renewal_gets_a_newer_token<S: Source>() {
    let source = S::of(Plan::new(STEADY));
    let old = source.token().unwrap().generation();

    let forced = callers(3, &source, S::renew_now).tokens();

    assert!(forced.iter().all(|token| *token > old));
    assert!((2..=4).contains(&site::requests()), "{}", site::requests());
}

/// A token of an hour is due by then, and may be used still.
const DUE: Duration = HOUR.saturating_sub(Duration::from_secs(60));
