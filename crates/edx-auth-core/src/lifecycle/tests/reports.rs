//! What a lifecycle reports about itself.

use alloc::format;
use alloc::string::ToString as _;
use std::io;

use super::*;
use crate::error::{TransportError, TransportFailure};
use crate::exchange::{ClientCredentials, TokenEndpoint, TokenRequest};
use crate::lifecycle::TokenState;

#[test]
fn health_is_one_line() {
    let mut lifecycle = empty();
    let line = |lifecycle: &TokenLifecycle, passed| format!("{}", lifecycle.health(after(passed)));

    assert_eq!(
        line(&lifecycle, Duration::ZERO),
        "empty, issued 0, rejected 0"
    );
    let attempt = elected(lifecycle.step(ANY, after(Duration::ZERO)));
    assert_eq!(
        line(&lifecycle, Duration::ZERO),
        "empty, issued 0, rejected 0, renewing"
    );
    let _failed = abandon(&mut lifecycle, attempt, Duration::ZERO);
    assert_eq!(
        line(&lifecycle, SECOND - 250 * MILLI),
        "empty, issued 0, rejected 0, failures 1, retry in 250ms: \
         the last attempt to get a token ended without a result"
    );
    let attempt = elected(lifecycle.step(ANY, after(SECOND)));
    let _renewed = renew(&mut lifecycle, attempt, SECOND);
    assert_eq!(
        line(&lifecycle, SECOND),
        "fresh, 59m left, generation 1, issued 1, rejected 0, failures 1"
    );
}

#[test]
fn a_backoff_is_serialized_with_its_error_and_what_to_do() {
    let mut lifecycle = empty();
    let attempt = elected(lifecycle.step(ANY, after(Duration::ZERO)));
    let _failed = abandon(&mut lifecycle, attempt, Duration::ZERO);
    let mut health = lifecycle.health(after(SECOND - 250 * MILLI));
    health.label = Some("tenant 7".into());
    health.deprecated = 2;

    let json = serde_json::to_value(&health).unwrap();

    let error = health.error.unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "label": "tenant 7",
            "ready": false,
            "token": "empty",
            "age_seconds": null,
            "usable_for_seconds": 0.0,
            "generation": null,
            "renewing": false,
            "backoff_seconds": 0.25,
            "error": error.to_string(),
            "advice": error.advice(),
            "issued": 0,
            "failures": 1,
            "rejected": 0,
            "deprecated": 2,
        })
    );
}

#[test]
fn health_names_the_innermost_cause_of_an_error_once() {
    for (cause, line) in [
        (
            "no route\nto host",
            "could not be reached: no route to host",
        ),
        ("reached", "could not be reached"),
    ] {
        let error = TransportError::from(TransportFailure::NotSent);
        let error = error.with_cause(io::Error::other(cause));
        let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
        let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();
        let mut health = empty().health(after(Duration::ZERO));
        health.error = Some(exchange.fail(error).into());

        let json = serde_json::to_value(&health).unwrap();

        assert!(health.to_string().ends_with(line), "{health}");
        assert!(json["error"].as_str().unwrap().ends_with(line), "{json}");
    }
}

#[test]
fn the_error_is_told_until_a_renewal_brings_a_token() {
    let mut lifecycle = empty();
    let attempt = elected(lifecycle.step(ANY, after(Duration::ZERO)));
    let _failed = abandon(&mut lifecycle, attempt, Duration::ZERO);

    let attempt = elected(lifecycle.step(ANY, after(SECOND)));
    let health = lifecycle.health(after(SECOND));
    assert!(health.backoff.is_none() && health.error.is_some());

    let _renewed = renew(&mut lifecycle, attempt, SECOND);
    assert!(lifecycle.health(after(SECOND)).error.is_none());
}

#[test]
fn health_has_the_age_of_the_token() {
    let health = holding().health(after(MINUTE));

    assert_eq!(health.age, Some(MINUTE));
    let json = serde_json::to_value(&health).unwrap();
    assert_eq!(json["age_seconds"], 60.0);
}

#[test]
fn every_state_of_a_token_has_a_word() {
    use TokenState::{Due, Empty, Expired, Fresh};
    let words = [Empty, Fresh, Due, Expired].map(TokenState::as_str);

    assert_eq!(words, ["empty", "fresh", "due", "expired"]);
    assert_eq!(format!("{Due:>4}"), " due");
}

#[test]
fn a_duration_is_shown_in_its_largest_whole_unit() {
    let mut health = holding().health(after(Duration::ZERO));
    for (usable_for, shown) in [
        (999 * MILLI, "fresh, 999ms left"),
        (SECOND, "fresh, 1s left"),
        (MINUTE - MILLI, "fresh, 59s left"),
        (MINUTE, "fresh, 1m left"),
        (HOUR - MILLI, "fresh, 59m left"),
        (HOUR, "fresh, 1h left"),
        (24 * HOUR - MILLI, "fresh, 23h left"),
        (24 * HOUR, "fresh, 1d left"),
        (Duration::ZERO, "fresh, generation 1"),
    ] {
        health.usable_for = Some(usable_for);
        assert!(format!("{health}").starts_with(shown), "{health}");
    }
}

#[test]
fn a_token_is_fresh_then_due_then_expired() {
    let lifecycle = holding();
    let (due, unusable) = (HOUR - 10 * MINUTE, HOUR - 30 * SECOND);
    for (passed, state) in [
        (due - MILLI, TokenState::Fresh),
        (due, TokenState::Due),
        (unusable - MILLI, TokenState::Due),
        (unusable, TokenState::Expired),
    ] {
        let health = lifecycle.health(after(passed));
        assert_eq!(health.token, state, "{passed:?}");
        assert_eq!(
            health.is_ready(),
            state != TokenState::Expired,
            "{passed:?}"
        );
    }
}

#[test]
fn health_shows_whether_a_token_is_due_or_expired() {
    let line = |passed| format!("{}", holding().health(after(passed)));

    assert!(line(HOUR - 10 * MINUTE).starts_with("due, 9m left"));
    assert!(line(HOUR).starts_with("expired, generation 1"));
}

#[test]
fn a_backoff_is_shown_until_it_ends() {
    let mut lifecycle = empty();
    let attempt = elected(lifecycle.step(ANY, after(Duration::ZERO)));
    let _failed = abandon(&mut lifecycle, attempt, Duration::ZERO);
    let backoff = |passed| lifecycle.health(after(passed)).backoff;

    assert_eq!(backoff(SECOND - MILLI), Some(MILLI));
    assert_eq!(backoff(SECOND), None);
}

#[test]
fn a_renewal_is_shown_until_its_lease_expires() {
    let mut lifecycle = empty();
    let _attempt = elected(lifecycle.step(ANY, after(Duration::ZERO)));
    let is_renewing = |passed| lifecycle.health(after(passed)).is_renewing;

    assert!(is_renewing(25 * SECOND - MILLI));
    assert!(!is_renewing(25 * SECOND));
}
