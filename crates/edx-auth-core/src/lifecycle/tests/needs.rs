//! Callers who want more of a token than that it may be used.

use super::*;
use crate::lifecycle::Need;

/// What a fresh token of an hour surely gives: from its earliest renewal to its last use.
const SURELY: Duration = Duration::from_secs(570);

/// Where chance puts the renewal off, a token is fresh and yet gives less than that.
const LESS_FROM: Duration = Duration::from_secs(3000);

fn good_for(min_validity: Duration) -> Need {
    Need::any().valid_for(min_validity)
}

/// A life with a token that came when so much time had passed, and is renewed as late as can be.
fn holding_from(passed: Duration) -> TokenLifecycle {
    let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);
    let attempt = elected(lifecycle.step(after(Duration::ZERO)));
    let result = Ok::<_, RenewalError>(issued("a.b.c"));
    let _renewed = lifecycle.settle(attempt, result, after(passed), Jitter::FULL);
    lifecycle
}

/// Why a caller of this need is elected at this age, if it is.
fn asks(
    lifecycle: &TokenLifecycle,
    min_validity: Duration,
    passed: Duration,
) -> Option<RenewalReason> {
    let mut lifecycle = lifecycle.clone();
    reason(&lifecycle.step_for(good_for(min_validity), after(passed)))
}

#[test]
fn a_token_that_gives_less_than_is_needed_is_renewed_for_who_needs_it() {
    let lifecycle = holding_from(Duration::ZERO);

    assert_eq!(asks(&lifecycle, SURELY, LESS_FROM), None);
    assert_eq!(
        asks(&lifecycle, SURELY, LESS_FROM + MILLI),
        Some(RenewalReason::Due)
    );
    assert_eq!(asks(&lifecycle, SURELY - MILLI, LESS_FROM + MILLI), None);
    assert_eq!(asks(&lifecycle, Duration::ZERO, LESS_FROM + MILLI), None);
}

#[test]
fn more_than_every_fresh_token_gives_counts_as_that_much() {
    let lifecycle = holding_from(Duration::ZERO);

    assert_eq!(asks(&lifecycle, HOUR, LESS_FROM), None);
    assert_eq!(
        asks(&lifecycle, HOUR, LESS_FROM + MILLI),
        Some(RenewalReason::Due)
    );
}

#[test]
fn a_token_that_has_just_come_is_good_for_everybody_while_it_is_young() {
    let came = LESS_FROM + MINUTE;
    let lifecycle = holding_from(came);
    let young = came + 6 * SECOND;

    assert_eq!(asks(&lifecycle, SURELY, came), None);
    assert_eq!(asks(&lifecycle, SURELY, young - MILLI), None);
    assert_eq!(asks(&lifecycle, SURELY, young), Some(RenewalReason::Due));
}

#[test]
fn who_wants_a_newer_token_is_not_served_the_one_at_hand_and_others_are() {
    let mut lifecycle = holding();
    let newer = Need::any().newer_than(lifecycle.last_generation);

    let attempt = elected(lifecycle.step_for(newer, after(MINUTE)));

    assert_eq!(attempt.reason(), RenewalReason::Rejected);
    assert!(matches!(lifecycle.step(after(MINUTE)), Step::Use(_)));
    let waits = lifecycle.step_for(newer, after(MINUTE));
    assert!(matches!(waits, Step::Join { .. }), "{waits:?}");
    let _renewed = settle(&mut lifecycle, attempt, MINUTE);
    assert!(matches!(
        lifecycle.step_for(newer, after(MINUTE)),
        Step::Use(_)
    ));
}
