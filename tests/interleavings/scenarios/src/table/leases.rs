//! What takes longer than anybody reckoned with.

use std::time::Duration;

use edx_auth_core::RenewalPolicy;
use machine::{thread, time};

use crate::site::Answer;
use crate::{HOUR, Plan, STEADY, Source, callers, no_token, site};

pub(super) fn a_reply_later_than_its_lease_leaves_nobody_stuck<S: Source>() {
    let source = S::of(Plan::new(RenewalPolicy::DEFAULT).patience(EVER));
    site::answers([Answer::Late(2 * LEASE)]);
    time::passes(HOUR);

    let _tokens = callers(4, &source, S::token).tokens();

    thread::end();
    assert!((1..=2).contains(&site::requests()), "{}", site::requests());
}

pub(super) fn credentials_slower_than_a_lease_take_one_thread<S: Source>() {
    let slow = || {
        thread::sleep(2 * LEASE);
        "acme-api"
    };
    let plan = Plan::new(RenewalPolicy::DEFAULT).patience(EVER);
    let source = S::of(plan.by(slow));
    time::passes(HOUR);

    let _tokens = callers(4, &source, S::token).tokens();

    thread::end();
    assert!((1..=2).contains(&site::requests()), "{}", site::requests());
}

pub(super) fn callers_leave_when_their_patience_is_over<S: Source>() {
    let source = S::of(Plan::new(STEADY).patience(Duration::from_secs(5)));
    site::answers([Answer::Late(HOUR / 6)]);
    time::passes(HOUR);

    for asked in callers(4, &source, S::token).results() {
        assert!(asked.is_ok() || no_token(asked).cause().is_none());
    }

    thread::end();
    source.token().unwrap();
    assert_eq!(site::requests(), 1);
}

/// Longer than the policy's, and than a driver makes of it.
const LEASE: Duration = Duration::from_secs(30);

const EVER: Duration = Duration::from_secs(1 << 30);
