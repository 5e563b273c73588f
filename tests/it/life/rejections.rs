//! APIs that reject a token.

use std::time::Duration;

use edx_auth_core::{Invalidation, LiveToken, Need};
use edx_auth_testkit::{MockResponse, Timeline};

const MINUTE: Duration = Duration::from_secs(60);

fn newer_than(token: &LiveToken) -> Need {
    Need::any().newer_than(token.generation())
}

#[test]
fn twenty_late_rejections_of_one_old_token_cost_one_request() {
    let mut timeline = Timeline::new();
    let old = timeline.token().unwrap();
    timeline.advance(MINUTE);

    for _ in 0..20 {
        let _invalidation = timeline.invalidate(&old);
        timeline.token_for(newer_than(&old), MINUTE).unwrap();
    }

    assert_eq!(timeline.token_requests().len(), 2);
    assert_eq!(timeline.invalidate(&old), Invalidation::AlreadyReplaced);
}

#[test]
fn ten_rejections_a_second_for_an_hour_cost_at_most_twelve_requests_and_others_are_served() {
    let mut timeline = Timeline::new();

    for _ in 0..36_000 {
        let token = timeline.token_for(Need::any(), Duration::ZERO);
        let token = token.or_else(|_| timeline.token()).unwrap();
        let _invalidation = timeline.invalidate(&token);
        timeline.advance(Duration::from_millis(100));
    }

    assert!(timeline.token_requests().len() <= 12, "{timeline:?}");
}

#[test]
fn a_day_of_rejections_costs_at_most_150_requests() {
    let mut timeline = Timeline::new();

    for _ in 0..86_400 {
        let token = timeline.token().unwrap();
        let _invalidation = timeline.invalidate(&token);
        timeline.advance(Duration::from_secs(1));
    }

    assert!(timeline.token_requests().len() <= 150, "{timeline:?}");
}

#[test]
fn a_rejected_caller_waits_for_the_backoff_while_others_are_served() {
    let mut timeline = Timeline::new();
    let first = timeline.token().unwrap();
    timeline.advance(MINUTE);
    let _invalidation = timeline.invalidate(&first);
    let second = timeline.token_for(newer_than(&first), MINUTE).unwrap();
    timeline.advance(Duration::from_secs(7));

    let invalidation = timeline.invalidate(&second);

    assert_eq!(
        invalidation,
        Invalidation::WillRenew {
            wait: Duration::from_secs(3)
        }
    );
    assert_eq!(timeline.token().unwrap().generation(), second.generation());
    let early = timeline.token_for(newer_than(&second), Duration::from_secs(1));
    assert!(
        early
            .unwrap_err()
            .to_string()
            .contains("an API rejected the token")
    );
    let third = timeline.token_for(newer_than(&second), MINUTE).unwrap();
    assert!(third.generation() > second.generation());
    assert_eq!(timeline.token_requests().len(), 3);
}

#[test]
fn an_outage_after_a_rejection_has_only_its_own_backoff() {
    let mut timeline = Timeline::new();
    let rejected = timeline.token().unwrap();
    timeline.advance(MINUTE);
    let _invalidation = timeline.invalidate(&rejected);
    timeline.set_response(MockResponse::html(503, ""));
    let down_until = timeline.now().monotonic + 6 * MINUTE;
    while timeline.now().monotonic < down_until {
        let error = timeline
            .token_for(newer_than(&rejected), Duration::ZERO)
            .unwrap_err();
        assert!(
            error.to_string().contains("is temporarily unavailable"),
            "{error}"
        );
        timeline.advance(Duration::from_secs(1));
    }

    timeline.set_token_lifetime(3600);
    timeline.advance(MINUTE);

    timeline
        .token_for(newer_than(&rejected), Duration::ZERO)
        .unwrap();
}

#[test]
fn a_rejected_token_that_is_due_is_renewed_without_a_wait() {
    let mut timeline = Timeline::new();
    for _ in 0..4 {
        let token = timeline.token().unwrap();
        timeline.advance(MINUTE);
        let _invalidation = timeline.invalidate(&token);
        timeline.token_for(newer_than(&token), 10 * MINUTE).unwrap();
    }
    let token = timeline.token().unwrap();
    timeline.advance(50 * MINUTE);

    let invalidation = timeline.invalidate(&token);

    let at_once = Duration::from_millis(1);
    assert_eq!(invalidation, Invalidation::WillRenew { wait: at_once });
    timeline
        .token_for(newer_than(&token), Duration::ZERO)
        .unwrap();
}

#[test]
fn renewals_that_callers_force_do_not_count_as_rejections() {
    let mut timeline = Timeline::new();
    for _ in 0..8 {
        let token = timeline.token().unwrap();
        timeline.advance(11 * MINUTE);
        timeline.token_for(newer_than(&token), MINUTE).unwrap();
    }
    timeline.advance(40 * MINUTE);

    let token = timeline.token().unwrap();
    timeline
        .token_for(newer_than(&token), Duration::ZERO)
        .unwrap();
    let token = timeline.token().unwrap();
    timeline.advance(Duration::from_secs(11));

    timeline
        .token_for(newer_than(&token), Duration::ZERO)
        .unwrap();
}

#[test]
fn twenty_minutes_without_a_rejection_reset_its_backoff() {
    let mut timeline = Timeline::new();
    for _ in 0..3 {
        let token = timeline.token().unwrap();
        timeline.advance(MINUTE);
        let _invalidation = timeline.invalidate(&token);
        timeline.token_for(newer_than(&token), MINUTE).unwrap();
    }
    timeline.advance(20 * MINUTE);

    let token = timeline.token().unwrap();
    let invalidation = timeline.invalidate(&token);

    assert_eq!(
        invalidation,
        Invalidation::WillRenew {
            wait: Duration::from_millis(1)
        }
    );
}
