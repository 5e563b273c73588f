//! A site that is down, throttles, or no longer knows the program.

use std::time::Duration;

use edx_auth_core::{ClientCredentials, Need, RenewalPolicy};
use edx_auth_testkit::{MockResponse, Timeline};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn down() -> MockResponse {
    MockResponse::html(503, "<html>Maintenance</html>")
}

fn unknown_client() -> MockResponse {
    MockResponse::json(401, r#"{"error": "invalid_client"}"#)
}

fn others() -> ClientCredentials {
    ClientCredentials::new("timeline", "another secret").unwrap()
}

/// Returns the seconds between token requests.
fn gaps(timeline: &Timeline) -> Vec<u64> {
    let requests = timeline.token_requests();
    requests
        .windows(2)
        .map(|two| two[1].saturating_sub(two[0]).as_secs())
        .collect()
}

/// Asks every second, and counts the callers that get no token.
fn left_without(timeline: &mut Timeline, stretch: Duration) -> usize {
    let end = timeline.now().monotonic + stretch;
    let mut left = 0;
    while timeline.now().monotonic < end {
        left += usize::from(timeline.token_for(Need::any(), Duration::ZERO).is_err());
        timeline.advance(SECOND);
    }
    left
}

#[test]
fn ten_minutes_down_with_a_cached_token_fail_no_caller() {
    let mut timeline = Timeline::new();
    timeline.token().unwrap();
    timeline.advance(49 * MINUTE);

    timeline.set_response(down());

    assert_eq!(left_without(&mut timeline, 10 * MINUTE), 0);
    assert_eq!(
        gaps(&timeline)[1..],
        [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60, 60]
    );
}

#[test]
fn ten_minutes_down_without_a_token_cost_one_request_per_backoff() {
    let mut timeline = Timeline::new();
    timeline.set_response(down());

    left_without(&mut timeline, 10 * MINUTE);

    assert_eq!(
        gaps(&timeline),
        [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60, 60, 60, 60]
    );
}

#[test]
fn a_site_that_recovers_is_called_again_and_its_backoff_resets() {
    let mut timeline = Timeline::new();
    timeline.set_response(down());
    left_without(&mut timeline, 2 * MINUTE);
    timeline.set_token_lifetime(3600);
    timeline.advance(MINUTE);
    timeline.token().unwrap();

    timeline.set_response(down());
    timeline.advance(60 * MINUTE);
    let before = timeline.token_requests().len();
    left_without(&mut timeline, 4 * SECOND);

    assert_eq!(gaps(&timeline)[before..], [1, 2]);
}

#[test]
fn a_throttle_without_retry_after_causes_a_backoff_of_a_minute() {
    let mut timeline = Timeline::new();
    timeline.set_response(MockResponse::html(429, "<html>429</html>"));

    left_without(&mut timeline, 3 * MINUTE + SECOND);

    assert_eq!(gaps(&timeline), [60, 60, 60]);
}

#[test]
fn a_throttle_without_retry_after_causes_the_backoff_of_the_policy() {
    let policy = RenewalPolicy::builder().throttled_backoff(10 * MINUTE);
    let mut timeline = Timeline::with_policy(policy.build().unwrap());
    timeline.set_response(MockResponse::html(429, "<html>429</html>"));

    left_without(&mut timeline, 25 * MINUTE);

    assert_eq!(gaps(&timeline), [600, 600]);
}

#[test]
fn a_throttle_with_retry_after_causes_that_backoff() {
    let mut timeline = Timeline::new();
    timeline.set_response(MockResponse::html(429, "").header("Retry-After", "90"));

    left_without(&mut timeline, 5 * MINUTE);

    assert_eq!(gaps(&timeline), [90, 90, 90]);
}

#[test]
fn a_retry_after_of_zero_still_causes_a_backoff() {
    let mut timeline = Timeline::new();
    timeline.set_response(MockResponse::html(429, "").header("Retry-After", "0"));

    left_without(&mut timeline, 30 * SECOND);

    assert_eq!(gaps(&timeline), [1, 2, 4, 8]);
}

#[test]
fn a_revoked_secret_is_reported_at_once_and_retried_with_growing_backoff() {
    let mut timeline = Timeline::new();
    timeline.set_response(unknown_client());
    let before = timeline.now();

    let error = timeline.token().unwrap_err();

    assert_eq!(timeline.now(), before, "no caller waited");
    assert!(!error.is_retryable());
    assert_eq!(error.retry_after(), Some(30 * SECOND));
    left_without(&mut timeline, 30 * MINUTE);
    assert_eq!(gaps(&timeline), [30, 60, 120, 240, 480, 600]);
}

#[test]
fn new_credentials_end_the_backoff_of_the_old_ones() {
    let mut timeline = Timeline::new();
    timeline.set_response(unknown_client());
    timeline.token().unwrap_err();

    timeline.set_token_lifetime(3600);
    let _changed = timeline.change_credentials(others());

    timeline.token().unwrap();
    assert_eq!(timeline.token_requests().len(), 2);
}

#[test]
fn new_credentials_do_not_end_the_backoff_of_a_failing_site() {
    let mut timeline = Timeline::new();
    timeline.set_response(down());
    timeline.token_for(Need::any(), Duration::ZERO).unwrap_err();

    let _changed = timeline.change_credentials(others());

    timeline.token_for(Need::any(), Duration::ZERO).unwrap_err();
    assert_eq!(timeline.token_requests().len(), 1);
}

#[test]
fn credentials_regenerated_while_their_token_is_valid_fail_no_caller() {
    let mut timeline = Timeline::new();
    timeline.token().unwrap();
    timeline.advance(50 * MINUTE);
    timeline.set_response(unknown_client());
    assert_eq!(left_without(&mut timeline, MINUTE), 0);

    timeline.set_token_lifetime(3600);
    let _changed = timeline.change_credentials(others());

    assert_eq!(left_without(&mut timeline, 60 * MINUTE), 0);
}
