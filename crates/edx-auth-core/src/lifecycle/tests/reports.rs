//! What a lifecycle says of itself.

use alloc::format;

use super::*;
use crate::lifecycle::TokenState;

#[test]
fn a_life_says_on_one_line_how_it_is_doing() {
    let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);
    let says = |lifecycle: &TokenLifecycle, passed| format!("{}", lifecycle.health(after(passed)));

    assert_eq!(
        says(&lifecycle, Duration::ZERO),
        "empty, issued 0, rejected 0"
    );
    let attempt = elected(lifecycle.step(after(Duration::ZERO)));
    assert_eq!(
        says(&lifecycle, Duration::ZERO),
        "empty, issued 0, rejected 0, renewing"
    );
    let _failed = lifecycle.abandon(attempt, after(Duration::ZERO), Jitter::NONE);
    assert_eq!(
        says(&lifecycle, SECOND - 250 * MILLI),
        "empty, issued 0, rejected 0, failures 1, retry in 250ms: \
         the last attempt to get a token was given up"
    );
    let attempt = elected(lifecycle.step(after(SECOND)));
    let _renewed = settle(&mut lifecycle, attempt, SECOND);
    assert_eq!(
        says(&lifecycle, SECOND),
        "fresh, 59m left, generation 1, issued 1, rejected 0, failures 1"
    );
}

#[test]
fn each_stretch_of_time_is_said_in_its_largest_whole_unit() {
    let mut health = holding().health(after(Duration::ZERO));
    for (usable_for, said) in [
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
        health.usable_for = usable_for;
        assert!(format!("{health}").starts_with(said), "{health}");
    }
}

#[test]
fn a_token_is_fresh_then_due_then_over() {
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
fn a_token_that_is_due_or_over_is_said_to_be() {
    let says = |passed| format!("{}", holding().health(after(passed)));

    assert!(says(HOUR - 10 * MINUTE).starts_with("due, 9m left"));
    assert!(says(HOUR).starts_with("expired, generation 1"));
}

#[test]
fn a_pause_is_said_for_as_long_as_it_lasts() {
    let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);
    let attempt = elected(lifecycle.step(after(Duration::ZERO)));
    let _failed = lifecycle.abandon(attempt, after(Duration::ZERO), Jitter::NONE);
    let backoff = |passed| {
        lifecycle
            .health(after(passed))
            .backoff
            .map(|(wait, _)| wait)
    };

    assert_eq!(backoff(SECOND - MILLI), Some(MILLI));
    assert_eq!(backoff(SECOND), None);
}

#[test]
fn who_asks_is_said_until_the_lease_is_over() {
    let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);
    let _attempt = elected(lifecycle.step(after(Duration::ZERO)));
    let is_renewing = |passed| lifecycle.health(after(passed)).is_renewing;

    assert!(is_renewing(25 * SECOND - MILLI));
    assert!(!is_renewing(25 * SECOND));
}
