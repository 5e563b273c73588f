//! APIs that reject the cached token.

use super::*;
use crate::lifecycle::Invalidation;

fn reject(lifecycle: &mut TokenLifecycle, passed: Duration) -> Invalidation {
    lifecycle.invalidate(generation(lifecycle), after(passed))
}

#[test]
fn a_token_is_young_for_six_seconds_and_no_longer() {
    let young = 6 * SECOND;

    assert_eq!(
        reject(&mut holding(), young - MILLI),
        Invalidation::TooYoung { wait: MILLI }
    );
    assert_eq!(
        reject(&mut holding(), young),
        Invalidation::WillRenew { wait: MILLI }
    );
}

#[test]
fn rejections_are_counted_except_of_young_and_of_replaced_tokens() {
    let mut lifecycle = holding();
    let old = generation(&lifecycle);

    let _young = lifecycle.invalidate(old, after(SECOND));
    let _first = lifecycle.invalidate(old, after(MINUTE));
    let _second = lifecycle.invalidate(old, after(MINUTE));
    let attempt = elected(lifecycle.step(ANY, after(MINUTE)));
    let _renewed = renew(&mut lifecycle, attempt, MINUTE);
    let late = lifecycle.invalidate(old, after(2 * MINUTE));

    assert_eq!(late, Invalidation::AlreadyReplaced);
    assert_eq!(lifecycle.health(after(2 * MINUTE)).rejected, 2);
}

#[test]
fn invalidate_returns_how_long_the_renewal_has_to_wait() {
    let mut lifecycle = holding();
    let _first = reject(&mut lifecycle, MINUTE);
    let attempt = elected(lifecycle.step(ANY, after(MINUTE)));
    assert_eq!(attempt.reason(), RenewalReason::Rejected);
    let _renewed = renew(&mut lifecycle, attempt, MINUTE);

    let invalidation = reject(&mut lifecycle, MINUTE + 6 * SECOND);

    assert_eq!(invalidation, Invalidation::WillRenew { wait: 4 * SECOND });
    assert_eq!(
        reason(&lifecycle.step(ANY, after(MINUTE + 10 * SECOND - MILLI))),
        None
    );
    let step = lifecycle.step(ANY, after(MINUTE + 10 * SECOND));
    assert_eq!(reason(&step), Some(RenewalReason::Rejected));
}

#[test]
fn the_rejection_backoff_ends_when_either_clock_says_so() {
    let mut lifecycle = holding();
    replace_rejected(&mut lifecycle, MINUTE);
    let _rejection = reject(&mut lifecycle, MINUTE + 6 * SECOND);
    let (early, end) = (MINUTE + 7 * SECOND, MINUTE + 10 * SECOND);
    let moment = |monotonic, wall| Moment {
        monotonic: after(monotonic).monotonic,
        wall: after(wall).wall,
    };

    for now in [moment(end - MILLI, early), moment(early, end - MILLI)] {
        assert_eq!(reason(&lifecycle.clone().step(ANY, now)), None);
    }
    for now in [moment(end, early), moment(early, end)] {
        let step = lifecycle.clone().step(ANY, now);
        assert_eq!(reason(&step), Some(RenewalReason::Rejected));
    }
}

#[test]
fn the_renewal_of_a_rejected_token_that_expired_does_not_wait() {
    let mut lifecycle = holding();
    let _first = reject(&mut lifecycle, MINUTE);
    let attempt = elected(lifecycle.step(ANY, after(MINUTE)));
    let _renewed = renew(&mut lifecycle, attempt, MINUTE);

    let invalidation = reject(&mut lifecycle, 2 * HOUR);

    assert_eq!(invalidation, Invalidation::WillRenew { wait: MILLI });
    assert_eq!(lifecycle.health(after(2 * HOUR)).rejected, 1);
    let step = lifecycle.step(ANY, after(2 * HOUR));
    assert_eq!(reason(&step), Some(RenewalReason::Expired));
}

/// Rejects the token and replaces it, so that the next renewal for a rejected token waits longer.
fn replace_rejected(lifecycle: &mut TokenLifecycle, passed: Duration) {
    let _rejection = reject(lifecycle, passed);
    let attempt = elected(lifecycle.step(ANY, after(passed)));
    assert_eq!(attempt.reason(), RenewalReason::Rejected);
    let _renewed = renew(lifecycle, attempt, passed);
}

#[test]
fn rejections_are_forgotten_after_twenty_minutes_without_one() {
    let first = MINUTE;
    for (calm, wait) in [(20 * MINUTE - MILLI, 14), (20 * MINUTE, 4)] {
        let mut lifecycle = holding();
        replace_rejected(&mut lifecycle, first);
        replace_rejected(&mut lifecycle, first + calm);

        let invalidation = reject(&mut lifecycle, first + calm + 6 * SECOND);

        let wait = Duration::from_secs(wait);
        assert_eq!(invalidation, Invalidation::WillRenew { wait }, "{calm:?}");
    }
}

#[test]
fn a_rejection_prolongs_the_backoff_even_if_the_token_was_renewed_for_another_reason() {
    let mut lifecycle = holding();
    replace_rejected(&mut lifecycle, MINUTE);
    let _rejection = reject(&mut lifecycle, 15 * MINUTE);
    lifecycle.force_renewal();
    let forced = elected(lifecycle.step(ANY, after(15 * MINUTE)));
    let _renewed = renew(&mut lifecycle, forced, 15 * MINUTE);
    replace_rejected(&mut lifecycle, 30 * MINUTE);

    let invalidation = reject(&mut lifecycle, 30 * MINUTE + 6 * SECOND);

    let wait = 14 * SECOND;
    assert_eq!(invalidation, Invalidation::WillRenew { wait });
}

#[test]
fn a_caller_that_needs_a_newer_token_waits_for_the_rejection_backoff() {
    let mut lifecycle = holding();
    replace_rejected(&mut lifecycle, MINUTE);
    let newer = ANY.newer_than(generation(&lifecycle));

    let step = lifecycle.step(newer, after(MINUTE + 6 * SECOND));

    let Step::BackOff { wait, error } = step else {
        panic!("the next renewal is not due yet: {step:?}");
    };
    assert_eq!(wait, 4 * SECOND);
    assert!(matches!(error, RenewalError::Rejected), "{error}");
}
