//! Work that takes longer than its lease: the time in which nothing else does the same work.

use std::time::Duration;

use edx_auth_core::RenewalPolicy;
use machine::{thread, time};

use crate::callers::callers;
use crate::plan::{CLIENT, FOREVER, HOUR, LONG_BACKOFFS, Plan};
use crate::site::{self, Behavior};
use crate::source::{Source, no_token};

pub(super) fn a_response_after_its_lease_leaves_no_caller_stuck() {
    let source = Source::new(Plan::new(RenewalPolicy::DEFAULT).timeout(FOREVER));
    site::set_behaviors([Behavior::Late(2 * LEASE)]);
    time::passes(HOUR);

    let _tokens = callers(4, &source, Source::token).tokens();

    thread::join_all();
    assert!((1..=2).contains(&site::requests()), "{}", site::requests());
}

pub(super) fn credentials_slower_than_a_lease_take_one_thread() {
    let slow = || {
        thread::sleep(2 * LEASE);
        CLIENT
    };
    let plan = Plan::new(RenewalPolicy::DEFAULT).timeout(FOREVER);
    let source = Source::new(plan.provided(slow));
    time::passes(HOUR);

    let _tokens = callers(4, &source, Source::token).tokens();

    thread::join_all();
    assert!((1..=2).contains(&site::requests()), "{}", site::requests());
}

/// Time passes only while the credentials function runs: when it returns, the callers' timeout and the lease
/// are past.
pub(super) fn credentials_that_come_after_the_lease_bring_a_token() {
    let slow = || {
        time::advance(2 * LEASE);
        CLIENT
    };
    let plan = Plan::new(RenewalPolicy::DEFAULT).timeout(LEASE / 2);
    let source = Source::new(plan.provided(slow));

    for asked in callers(4, &source, Source::token).results() {
        assert!(asked.is_ok() || no_token(asked).renewal_error().is_none());
    }

    thread::join_all();
    assert!(source.token_within(Duration::ZERO).is_ok());
    assert_eq!(site::requests(), 1);
}

pub(super) fn callers_leave_at_their_timeout() {
    let source = Source::new(Plan::new(LONG_BACKOFFS).timeout(Duration::from_secs(5)));
    site::set_behaviors([Behavior::Late(HOUR / 6)]);
    time::passes(HOUR);

    for asked in callers(4, &source, Source::token).results() {
        assert!(asked.is_ok() || no_token(asked).renewal_error().is_none());
    }

    thread::join_all();
    source.token().unwrap();
    assert_eq!(site::requests(), 1);
}

/// Longer than the lease of the default policy.
const LEASE: Duration = Duration::from_secs(30);
