//! Servers that refuse the token at hand.

use super::*;
use crate::lifecycle::{Invalidation, Need};

fn refuse(lifecycle: &mut TokenLifecycle, passed: Duration) -> Invalidation {
    lifecycle.invalidate(lifecycle.last_generation, after(passed))
}

#[test]
fn a_token_is_young_for_six_seconds_and_no_longer() {
    let young = 6 * SECOND;

    assert_eq!(
        refuse(&mut holding(), young - MILLI),
        Invalidation::TooYoung { wait: MILLI }
    );
    assert_eq!(
        refuse(&mut holding(), young),
        Invalidation::WillRenew { wait: MILLI }
    );
}

#[test]
fn every_refusal_is_counted_but_of_the_young_and_of_the_old() {
    let mut lifecycle = holding();
    let old = lifecycle.last_generation;

    let _young = lifecycle.invalidate(old, after(SECOND));
    let _first = lifecycle.invalidate(old, after(MINUTE));
    let _second = lifecycle.invalidate(old, after(MINUTE));
    let attempt = elected(lifecycle.step(after(MINUTE)));
    let _renewed = settle(&mut lifecycle, attempt, MINUTE);
    let late = lifecycle.invalidate(old, after(2 * MINUTE));

    assert_eq!(late, Invalidation::AlreadyReplaced);
    assert_eq!(lifecycle.health(after(2 * MINUTE)).rejected, 2);
}

#[test]
fn a_refused_caller_hears_how_long_the_ladder_lasts() {
    let mut lifecycle = holding();
    let _first = refuse(&mut lifecycle, MINUTE);
    let attempt = elected(lifecycle.step(after(MINUTE)));
    assert_eq!(attempt.reason(), RenewalReason::Rejected);
    let _renewed = settle(&mut lifecycle, attempt, MINUTE);

    let refusal = refuse(&mut lifecycle, MINUTE + 6 * SECOND);

    assert_eq!(refusal, Invalidation::WillRenew { wait: 4 * SECOND });
    assert_eq!(
        reason(&lifecycle.step(after(MINUTE + 10 * SECOND - MILLI))),
        None
    );
    let step = lifecycle.step(after(MINUTE + 10 * SECOND));
    assert_eq!(reason(&step), Some(RenewalReason::Rejected));
}

#[test]
fn a_refused_token_that_is_over_waits_for_no_ladder() {
    let mut lifecycle = holding();
    let _first = refuse(&mut lifecycle, MINUTE);
    let attempt = elected(lifecycle.step(after(MINUTE)));
    let _renewed = settle(&mut lifecycle, attempt, MINUTE);

    let refusal = refuse(&mut lifecycle, 2 * HOUR);

    assert_eq!(refusal, Invalidation::WillRenew { wait: MILLI });
    assert_eq!(lifecycle.health(after(2 * HOUR)).rejected, 1);
    let step = lifecycle.step(after(2 * HOUR));
    assert_eq!(reason(&step), Some(RenewalReason::Expired));
}

/// A refused token is replaced: one more rung of the ladder.
fn climb(lifecycle: &mut TokenLifecycle, passed: Duration) {
    let _refusal = refuse(lifecycle, passed);
    let attempt = elected(lifecycle.step(after(passed)));
    assert_eq!(attempt.reason(), RenewalReason::Rejected);
    let _renewed = settle(lifecycle, attempt, passed);
}

#[test]
fn the_ladder_is_forgotten_after_twenty_minutes_of_calm() {
    let first = MINUTE;
    for (calm, wait) in [(20 * MINUTE - MILLI, 14), (20 * MINUTE, 4)] {
        let mut lifecycle = holding();
        climb(&mut lifecycle, first);
        climb(&mut lifecycle, first + calm);

        let refusal = refuse(&mut lifecycle, first + calm + 6 * SECOND);

        let wait = Duration::from_secs(wait);
        assert_eq!(refusal, Invalidation::WillRenew { wait }, "{calm:?}");
    }
}

#[test]
fn a_refusal_that_was_heard_of_is_no_calm_whatever_renewed_the_token() {
    let mut lifecycle = holding();
    climb(&mut lifecycle, MINUTE);
    let _heard = refuse(&mut lifecycle, 15 * MINUTE);
    let _owed = lifecycle.renew_now(RenewalReason::Forced, after(15 * MINUTE));
    let forced = elected(lifecycle.step(after(15 * MINUTE)));
    let _renewed = settle(&mut lifecycle, forced, 15 * MINUTE);
    climb(&mut lifecycle, 30 * MINUTE);

    let refusal = refuse(&mut lifecycle, 30 * MINUTE + 6 * SECOND);

    let wait = 14 * SECOND;
    assert_eq!(refusal, Invalidation::WillRenew { wait });
}

#[test]
fn a_refused_caller_waits_for_the_ladder_and_hears_why() {
    let mut lifecycle = holding();
    climb(&mut lifecycle, MINUTE);
    let newer = Need::any().newer_than(lifecycle.last_generation);

    let step = lifecycle.step_for(newer, after(MINUTE + 6 * SECOND));

    let Step::Pause { wait, cause } = step else {
        panic!("the next renewal is not due yet: {step:?}");
    };
    assert_eq!(wait, 4 * SECOND);
    assert!(matches!(cause, RenewalError::Rejected), "{cause}");
}
