//! Tokens that were stored outside of the lifecycle.

use super::*;
use crate::lifecycle::StoredToken;

/// Returns a stored token of one hour that was issued at this time by the wall clock.
fn born(at: Duration) -> StoredToken {
    StoredToken::new(token("stored"), HOUR, at)
}

fn restore(lifecycle: &mut TokenLifecycle, stored: StoredToken, passed: Duration) -> bool {
    let event = lifecycle.restore(stored, after(passed), Jitter::NONE);
    matches!(event, Event::Restored { .. })
}

#[test]
fn an_issue_time_up_to_five_seconds_in_the_future_is_accepted() {
    let now = after(Duration::ZERO).wall;
    for (ahead, is_restored) in [
        (5 * SECOND - MILLI, true),
        (5 * SECOND, true),
        (5 * SECOND + MILLI, false),
    ] {
        let mut lifecycle = empty();

        let restored = restore(&mut lifecycle, born(now + ahead), Duration::ZERO);

        assert_eq!(restored, is_restored, "{ahead:?}");
    }
}

#[test]
fn a_token_lasts_as_long_as_a_store_says_even_if_the_clock_has_just_started() {
    for wall in [Duration::ZERO, SECOND, HOUR, 100 * HOUR] {
        let now = Moment {
            monotonic: Duration::ZERO,
            wall,
        };
        for left in [Duration::ZERO, 60 * SECOND, HOUR] {
            let stored = born(1_000 * HOUR).lasting(left, now);

            assert_eq!(stored.left(now), left, "{wall:?}");
        }
    }
}

#[test]
fn a_token_is_restored_with_the_age_that_it_has() {
    let now = after(Duration::ZERO).wall;
    let mut lifecycle = empty();

    assert!(restore(
        &mut lifecycle,
        born(now - 20 * MINUTE),
        Duration::ZERO
    ));

    let usable_for = lifecycle.health(after(Duration::ZERO)).usable_for;
    assert_eq!(usable_for, Some(40 * MINUTE - 30 * SECOND));
}

#[test]
fn a_token_is_restored_only_if_it_may_be_used_and_outlives_the_cached_one() {
    let birth = after(Duration::ZERO).wall;
    for (at, is_restored) in [
        (birth - HOUR, false),
        (birth - MILLI, false),
        (birth, false),
        (birth + MILLI, true),
    ] {
        assert_eq!(
            restore(&mut holding(), born(at), MINUTE),
            is_restored,
            "{at:?}"
        );
    }
}

#[test]
fn the_cached_token_is_not_restored_again() {
    let later = after(MINUTE).wall;
    let same = StoredToken::new(token("a.b.c"), HOUR, later);

    assert!(!restore(&mut holding(), same, MINUTE));
}

#[test]
fn a_restored_token_ends_the_renewal_of_a_rejected_one_and_no_forced_renewal() {
    let stored = || born(after(MINUTE).wall);
    let mut rejected = holding();
    let _wait = rejected.invalidate(generation(&rejected), after(MINUTE));
    let mut forced = holding();
    forced.force_renewal();

    assert!(restore(&mut rejected, stored(), MINUTE));
    assert!(restore(&mut forced, stored(), MINUTE));

    assert_eq!(reason(&rejected.step(ANY, after(MINUTE))), None);
    assert_eq!(
        reason(&forced.step(ANY, after(MINUTE))),
        Some(RenewalReason::Forced)
    );
}

#[test]
fn an_exported_token_has_its_lifetime_and_its_time_of_issue() {
    let stored = holding().export(after(20 * MINUTE)).unwrap();

    assert_eq!(stored.token.expose(), "a.b.c");
    assert_eq!(stored.lifetime, HOUR);
    assert_eq!(stored.born, after(Duration::ZERO).wall);
}

#[test]
fn a_token_that_may_not_be_used_or_was_rejected_is_not_exported() {
    let mut rejected = holding();
    let _wait = rejected.invalidate(generation(&rejected), after(MINUTE));
    let unusable = HOUR - 30 * SECOND;

    assert!(rejected.export(after(MINUTE)).is_none());
    assert!(holding().export(after(unusable - MILLI)).is_some());
    assert!(holding().export(after(unusable)).is_none());
    assert!(empty().export(after(MINUTE)).is_none());
}

#[test]
fn a_rejected_token_is_not_exported_even_if_it_is_renewed_for_another_reason_too() {
    let before = [
        |lifecycle: &mut TokenLifecycle| lifecycle.force_renewal(),
        |lifecycle: &mut TokenLifecycle| lifecycle.change_credentials(after(MINUTE)),
    ];
    for ask in before {
        let mut asked_first = holding();
        ask(&mut asked_first);
        assert!(asked_first.export(after(MINUTE)).is_some());
        let _wait = asked_first.invalidate(generation(&asked_first), after(MINUTE));
        let mut asked_later = holding();
        let _wait = asked_later.invalidate(generation(&asked_later), after(MINUTE));
        ask(&mut asked_later);

        assert!(asked_first.export(after(MINUTE)).is_none());
        assert!(asked_later.export(after(MINUTE)).is_none());
    }
}

#[test]
fn the_token_after_a_rejected_one_is_exported() {
    let mut lifecycle = holding();
    let _wait = lifecycle.invalidate(generation(&lifecycle), after(MINUTE));
    let attempt = elected(lifecycle.step(ANY, after(MINUTE)));
    let _renewed = renew(&mut lifecycle, attempt, MINUTE);

    assert!(lifecycle.export(after(MINUTE)).is_some());
}

#[test]
fn a_token_that_is_older_than_the_wall_clock_is_not_exported() {
    let lifecycle = holding();
    let near_1970 = |wall| Moment {
        wall,
        ..after(MINUTE)
    };

    assert!(lifecycle.export(near_1970(MINUTE - MILLI)).is_none());
    let stored = lifecycle.export(near_1970(MINUTE)).unwrap();
    assert_eq!(stored.born, Duration::ZERO);
}
