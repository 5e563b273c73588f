//! Wrong clocks, and machines that sleep.

use std::time::Duration;

use edx_auth_core::{Invalidation, Need};
use edx_auth_testkit::{MockResponse, Timeline};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Creates a timeline with a one-hour token of this age.
fn after(age: Duration) -> Timeline {
    let mut timeline = Timeline::new();
    timeline.token().unwrap();
    timeline.advance(age);
    timeline
}

#[test]
fn a_clock_set_back_an_hour_costs_nothing() {
    let mut timeline = after(10 * MINUTE);

    timeline.rewind_wall_clock(HOUR);

    timeline.token().unwrap();
    assert_eq!(timeline.token_requests().len(), 1);
}

#[test]
fn a_token_is_renewed_in_time_although_the_clock_was_set_back() {
    let mut timeline = after(10 * MINUTE);
    timeline.rewind_wall_clock(HOUR);

    timeline.advance(45 * MINUTE);

    let token = timeline.token().unwrap();
    assert!(token.usable_for() <= 5 * MINUTE);
    assert_eq!(timeline.token_requests().len(), 2);
}

#[test]
fn a_suspended_day_costs_one_token() {
    let mut timeline = after(10 * MINUTE);

    timeline.suspend(DAY);

    timeline.token().unwrap();
    timeline.token().unwrap();
    assert_eq!(timeline.token_requests().len(), 2);
}

#[test]
fn a_backoff_ends_within_a_suspended_day() {
    let mut timeline = Timeline::new();
    timeline
        .set_response(MockResponse::html(429, "<h1>Too many</h1>").header("Retry-After", "3600"));
    let error = timeline.token().unwrap_err();
    assert!(error.retry_after() >= Some(59 * MINUTE), "{error:?}");

    timeline.suspend(DAY);
    timeline.set_token_lifetime(3600);

    timeline.token().unwrap();
    assert_eq!(timeline.token_requests().len(), 2);
}

#[test]
fn an_expired_token_that_both_clocks_find_valid_is_served_until_its_first_rejection() {
    let mut timeline = after(10 * MINUTE);
    timeline.suspend(40 * MINUTE);
    timeline.rewind_wall_clock(40 * MINUTE);
    timeline.advance(20 * MINUTE);
    let expired = timeline.token().unwrap();
    assert_eq!(timeline.token_requests().len(), 1);

    let invalidation = timeline.invalidate(&expired);

    assert!(
        matches!(invalidation, Invalidation::WillRenew { .. }),
        "{invalidation:?}"
    );
    let newer = Need::any().newer_than(expired.generation());
    let alive = timeline.token_for(newer, MINUTE).unwrap();
    assert!(alive.generation() > expired.generation());
    assert_eq!(timeline.token_requests().len(), 2);
}

#[test]
fn a_token_that_is_rejected_a_second_after_it_was_issued_is_served_again() {
    let mut timeline = after(Duration::from_secs(1));
    let young = timeline.token().unwrap();

    let invalidation = timeline.invalidate(&young);

    let Invalidation::TooYoung { wait } = invalidation else {
        panic!("{invalidation:?}")
    };
    assert_eq!(wait, Duration::from_secs(5));
    timeline.advance(wait);
    assert_eq!(timeline.token().unwrap().generation(), young.generation());
    assert_eq!(timeline.token_requests().len(), 1);
}
