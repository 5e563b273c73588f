//! Attempts that come late, bring nothing, or count no longer.

use super::*;

const LEASE: Duration = Duration::from_secs(25);

fn empty() -> TokenLifecycle {
    TokenLifecycle::new(RenewalPolicy::DEFAULT)
}

#[test]
fn a_token_is_renewed_from_the_moment_when_it_is_due() {
    let due = HOUR - 10 * MINUTE;
    for (passed, expected) in [
        (due - MILLI, None),
        (due, Some(RenewalReason::Due)),
        (due + MILLI, Some(RenewalReason::Due)),
    ] {
        let step = holding().step(after(passed));

        assert_eq!(reason(&step), expected, "{passed:?}");
        let (Step::Use(token) | Step::Renew(token, _)) = step else {
            panic!("a due token is served all the same: {step:?}");
        };
        assert_eq!(token.usable_for(), HOUR - 30 * SECOND - passed);
    }
}

#[test]
fn an_attempt_whose_place_was_taken_sends_nothing() {
    let mut lifecycle = empty();
    let first = elected(lifecycle.step(after(Duration::ZERO)));
    let second = elected(lifecycle.step(after(LEASE)));

    let begun = lifecycle.begin(first, after(LEASE));
    let begun_in_time = lifecycle.begin(second, after(LEASE));

    assert!(matches!(begun, Err(Event::Stale)), "{begun:?}");
    assert!(begun_in_time.is_ok(), "{begun_in_time:?}");
}

#[test]
fn the_failure_of_an_attempt_whose_place_was_taken_changes_nothing() {
    let mut lifecycle = empty();
    let first = elected(lifecycle.step(after(Duration::ZERO)));
    let _second = elected(lifecycle.step(after(LEASE)));

    let event = lifecycle.abandon(first, after(LEASE), Jitter::NONE);

    assert!(matches!(event, Event::Stale), "{event:?}");
    let health = lifecycle.health(after(LEASE));
    assert!(health.is_renewing);
    assert_eq!(health.failures, 0);
}

#[test]
fn the_late_token_of_an_attempt_whose_place_was_taken_is_kept_if_it_is_better() {
    let mut lifecycle = empty();
    let first = elected(lifecycle.step(after(Duration::ZERO)));
    let second = elected(lifecycle.step(after(LEASE)));

    let late = settle(&mut lifecycle, first, LEASE);
    let again = settle(&mut lifecycle, second, LEASE);

    assert!(matches!(late, Event::Renewed { .. }), "{late:?}");
    assert!(matches!(again, Event::Renewed { .. }), "{again:?}");
    assert_eq!(lifecycle.health(after(LEASE)).issued, 2);
}

#[test]
fn a_token_whose_life_was_over_when_it_came_is_a_failure() {
    let unusable = HOUR - 30 * SECOND;
    for (passed, is_failure) in [(unusable - MILLI, false), (unusable, true)] {
        let mut lifecycle = empty();
        let attempt = elected(lifecycle.step(after(Duration::ZERO)));

        let event = settle(&mut lifecycle, attempt, passed);

        let cause = match event {
            Event::Failed { cause, .. } => Some(cause),
            _ => None,
        };
        let is_dead = matches!(cause, Some(RenewalError::DeadOnArrival));
        assert_eq!(is_dead, is_failure, "{passed:?}");
        assert_eq!(lifecycle.health(after(passed)).is_ready(), !is_failure);
    }
}

#[test]
fn a_life_and_a_lease_are_counted_from_when_the_request_leaves() {
    let mut lifecycle = empty();
    let attempt = elected(lifecycle.step(after(Duration::ZERO)));
    let attempt = lifecycle.begin(attempt, after(10 * SECOND)).unwrap();

    let still_asking = lifecycle.step(after(10 * SECOND + LEASE - MILLI));
    assert!(matches!(still_asking, Step::Join { wait, .. } if wait == MILLI));
    let _renewed = settle(&mut lifecycle, attempt, 12 * SECOND);

    let usable_for = lifecycle.health(after(12 * SECOND)).usable_for;
    assert_eq!(usable_for, HOUR - 32 * SECOND);
}

#[test]
fn attempts_know_their_order_and_whose_credentials_they_are_for() {
    let mut lifecycle = empty();
    let first = elected(lifecycle.step(after(Duration::ZERO)));
    let second = elected(lifecycle.step(after(LEASE)));
    let _owed = lifecycle.renew_now(RenewalReason::NewCredentials, after(LEASE));
    let third = elected(lifecycle.step(after(LEASE)));

    assert!(second.is_newer_than(&first) && third.is_newer_than(&second));
    assert!(!first.is_newer_than(&second) && !first.is_newer_than(&first));
    assert!(second.has_credentials_of(&first));
    assert!(!third.has_credentials_of(&second));
}

#[test]
fn a_token_at_hand_gives_what_to_send() {
    let Step::Use(token) = holding().step(after(MINUTE)) else {
        panic!("it is fresh");
    };

    assert_eq!(token.authorization(), "JWT a.b.c");
    assert_eq!(token.token().expose(), "a.b.c");
    assert_eq!(token.into_authorization(), "JWT a.b.c");
}
