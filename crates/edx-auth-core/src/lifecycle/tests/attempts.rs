//! Attempts that are late, fail, or no longer count.

use super::*;

const LEASE: Duration = Duration::from_secs(25);

#[test]
fn a_token_is_renewed_from_the_moment_when_it_is_due() {
    let due = HOUR - 10 * MINUTE;
    for (passed, expected) in [
        (due - MILLI, None),
        (due, Some(RenewalReason::Due)),
        (due + MILLI, Some(RenewalReason::Due)),
    ] {
        let step = holding().step(ANY, after(passed));

        assert_eq!(reason(&step), expected, "{passed:?}");
        let (Step::Use(token) | Step::Renew(token, _)) = step else {
            panic!("a due token is handed out: {step:?}");
        };
        assert_eq!(token.usable_for(), HOUR - 30 * SECOND - passed);
    }
}

#[test]
fn an_attempt_does_not_begin_after_another_one_was_elected() {
    let mut lifecycle = empty();
    let first = elected(lifecycle.step(ANY, after(Duration::ZERO)));
    let second = elected(lifecycle.step(ANY, after(LEASE)));

    assert!(!lifecycle.is_live(&first, after(LEASE)));
    assert!(lifecycle.is_live(&second, after(LEASE)));
    let begun = lifecycle.begin(first, after(LEASE));
    let begun_in_time = lifecycle.begin(second, after(LEASE));

    assert!(begun.is_none(), "{begun:?}");
    assert!(begun_in_time.is_some(), "{begun_in_time:?}");
}

#[test]
fn an_attempt_is_live_until_its_lease_expires() {
    let mut lifecycle = empty();
    let attempt = elected(lifecycle.step(ANY, after(Duration::ZERO)));

    assert!(lifecycle.is_live(&attempt, after(LEASE - MILLI)));
    assert!(!lifecycle.is_live(&attempt, after(LEASE)));
}

#[test]
fn the_failure_of_an_attempt_changes_nothing_after_another_one_was_elected() {
    let mut lifecycle = empty();
    let first = elected(lifecycle.step(ANY, after(Duration::ZERO)));
    let _second = elected(lifecycle.step(ANY, after(LEASE)));

    let event = abandon(&mut lifecycle, first, LEASE);

    assert!(matches!(event, Event::Stale), "{event:?}");
    let health = lifecycle.health(after(LEASE));
    assert!(health.is_renewing);
    assert_eq!(health.failures, 0);
}

#[test]
fn the_token_of_an_attempt_is_cached_even_after_another_one_was_elected() {
    let mut lifecycle = empty();
    let first = elected(lifecycle.step(ANY, after(Duration::ZERO)));
    let first = begin(&mut lifecycle, first, Duration::ZERO);
    let second = elected(lifecycle.step(ANY, after(LEASE)));
    let second = begin(&mut lifecycle, second, LEASE);

    let late = succeed(&mut lifecycle, first, LEASE);
    let again = succeed(&mut lifecycle, second, LEASE);

    assert!(matches!(late, Event::Renewed { .. }), "{late:?}");
    assert!(matches!(again, Event::Renewed { .. }), "{again:?}");
    assert_eq!(lifecycle.health(after(LEASE)).issued, 2);
}

#[test]
fn a_token_that_had_expired_when_it_arrived_is_a_failure() {
    let unusable = HOUR - 30 * SECOND;
    for (passed, is_failure) in [(unusable - MILLI, false), (unusable, true)] {
        let mut lifecycle = empty();
        let attempt = elected(lifecycle.step(ANY, after(Duration::ZERO)));
        let running = begin(&mut lifecycle, attempt, Duration::ZERO);

        let event = succeed(&mut lifecycle, running, passed);

        let error = match event {
            Event::Failed { error, .. } => Some(error),
            _ => None,
        };
        let is_expired = matches!(error, Some(RenewalError::DeadOnArrival));
        assert_eq!(is_expired, is_failure, "{passed:?}");
        assert_eq!(lifecycle.health(after(passed)).is_ready(), !is_failure);
    }
}

#[test]
fn a_lifetime_and_a_lease_are_counted_from_when_the_request_is_sent() {
    let mut lifecycle = empty();
    let attempt = elected(lifecycle.step(ANY, after(Duration::ZERO)));
    let running = begin(&mut lifecycle, attempt, 10 * SECOND);

    let still_in_flight = lifecycle.step(ANY, after(10 * SECOND + LEASE - MILLI));
    assert!(matches!(still_in_flight, Step::Join { wait, .. } if wait == MILLI));
    let _renewed = succeed(&mut lifecycle, running, 12 * SECOND);

    let usable_for = lifecycle.health(after(12 * SECOND)).usable_for;
    assert_eq!(usable_for, Some(HOUR - 32 * SECOND));
}

#[test]
fn a_cached_token_has_the_header_value_to_send() {
    let Step::Use(token) = holding().step(ANY, after(MINUTE)) else {
        panic!("it is fresh");
    };

    assert_eq!(token.authorization(), "JWT a.b.c");
    assert_eq!(token.token().expose(), "a.b.c");
    assert_eq!(token.into_authorization(), "JWT a.b.c");
}
