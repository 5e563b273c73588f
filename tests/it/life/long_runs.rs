//! Days and years of normal use.

use std::time::Duration;

use edx_auth_core::{Jitter, Need, RenewalPolicy};
use edx_auth_testkit::{MockResponse, Timeline};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Asks for a token at this interval and checks that every caller gets one.
fn ask_for(timeline: &mut Timeline, stretch: Duration, every: Duration) {
    let end = timeline.now().monotonic + stretch;
    while timeline.now().monotonic < end {
        timeline.token().unwrap();
        timeline.advance(every);
    }
}

#[test]
fn a_day_of_one_hour_tokens_costs_at_most_thirty_requests() {
    for jitter in [Jitter::NONE, Jitter::FULL] {
        let mut timeline = Timeline::new();
        timeline.set_jitter(jitter);

        ask_for(&mut timeline, DAY, Duration::from_secs(10));

        assert!(timeline.token_requests().len() <= 30, "{timeline:?}");
    }
}

#[test]
fn a_year_costs_at_most_10_517_requests() {
    let mut timeline = Timeline::new();

    ask_for(&mut timeline, 365 * DAY, Duration::from_secs(300));

    assert!(timeline.token_requests().len() <= 10_517, "{timeline:?}");
}

#[test]
fn a_minute_of_five_second_tokens_costs_at_most_25_requests() {
    let mut timeline = Timeline::new();
    timeline.set_token_lifetime(5);

    ask_for(
        &mut timeline,
        Duration::from_secs(60),
        Duration::from_millis(10),
    );

    assert!(timeline.token_requests().len() <= 25, "{timeline:?}");
}

#[test]
fn a_caller_that_comes_once_while_the_token_is_due_never_waits() {
    let mut timeline = Timeline::new();
    timeline.token().unwrap();

    for _ in 0..1000 {
        // A token is due for 570 s at least: from 2,999 s on, and until it is unusable at 3,569 s.
        timeline.advance(Duration::from_secs(569));
        let before = timeline.now();
        timeline.token().unwrap();
        assert_eq!(timeline.now(), before);
    }
}

#[test]
fn a_caller_that_needs_more_validity_than_any_token_causes_no_extra_requests() {
    let mut timeline = Timeline::new();
    let need = Need::any().valid_for(DAY);

    for _ in 0..1000 {
        timeline.token_for(need, Duration::ZERO).ok();
        timeline.token_for(need, Duration::from_secs(25)).unwrap();
    }

    assert_eq!(timeline.token_requests().len(), 1);
}

#[test]
fn a_caller_that_needs_more_validity_than_a_slow_exchange_leaves_is_served() {
    let mut timeline = Timeline::new();
    timeline.set_token_lifetime(30);
    timeline.set_latency(Duration::from_secs(19));
    let need = Need::any().valid_for(Duration::from_secs(10));

    timeline.token_for(need, Duration::from_secs(25)).unwrap();

    // One for the caller, and one because that token is already due.
    assert_eq!(timeline.token_requests().len(), 2);
}

#[test]
fn tokens_that_arrive_expired_cause_a_backoff() {
    let mut timeline = Timeline::with_policy(RenewalPolicy::DEFAULT);
    timeline.set_token_lifetime(5);
    timeline.set_latency(Duration::from_secs(10));

    for _ in 0..100 {
        timeline.token().unwrap_err();
        timeline.advance(Duration::from_secs(1));
    }

    let asked_for = timeline.now().monotonic.as_secs();
    let requests = timeline.token_requests().len() as u64;
    assert!(
        requests <= 12 + asked_for / 60,
        "{requests} requests in {asked_for} s"
    );
}

#[test]
fn a_token_that_is_issued_about_to_expire_is_requested_again_within_two_seconds() {
    let mut timeline = Timeline::new();
    timeline.set_token_lifetime(1);

    let error = timeline.token_for(Need::any(), Duration::ZERO).unwrap_err();

    assert!(error.is_retryable());
    assert!(error.to_string().contains("is about to expire"), "{error}");
    timeline.set_token_lifetime(60);
    timeline
        .token_for(Need::any(), Duration::from_secs(2))
        .unwrap();
}

#[test]
fn a_site_that_issues_only_expiring_tokens_gets_fewer_and_fewer_requests() {
    let mut timeline = Timeline::new();
    timeline.set_token_lifetime(1);

    for _ in 0..3_600 {
        timeline.token_for(Need::any(), Duration::ZERO).unwrap_err();
        timeline.advance(Duration::from_secs(1));
    }

    assert!(timeline.token_requests().len() <= 70, "{timeline:?}");
}

#[test]
fn a_site_that_issues_one_token_until_it_expires_fails_few_calls() {
    let mut timeline = Timeline::new();
    let mut lost = 0;

    for half_second in 0..7_200 {
        timeline.set_token_lifetime(60 - half_second / 2 % 60);
        let token = timeline.token_for(Need::any(), Duration::ZERO);
        lost += usize::from(token.is_err());
        timeline.advance(Duration::from_millis(500));
    }

    // At most three seconds of each minute, for callers that do not wait.
    assert!(lost <= 60 * 6, "{lost} calls lost, {timeline:?}");
}

#[test]
fn a_caller_gets_the_error_of_the_site() {
    let mut timeline = Timeline::new();
    timeline.set_response(MockResponse::json(401, r#"{"error": "invalid_client"}"#));

    let error = timeline.token().unwrap_err();

    assert!(error.to_string().contains("invalid_client"), "{error}");
    assert!(error.advice().contains("edX replaces both"));
}
