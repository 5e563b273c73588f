//! Callers that need a token for some time, or a newer one.

use super::*;

/// How much longer every fresh token of one hour may be used at least: from its earliest renewal to its
/// last use.
const SURE: Duration = Duration::from_secs(570);

/// After this age, a token whose renewal is delayed by jitter is still fresh, but may be used for less
/// than `SURE`.
const LESS_FROM: Duration = Duration::from_secs(3000);

fn good_for(min_validity: Duration) -> Need {
    ANY.valid_for(min_validity)
}

/// Returns a lifecycle with a token that arrived at this age, and is renewed as late as possible.
fn holding_from(passed: Duration) -> TokenLifecycle {
    let mut lifecycle = empty();
    let attempt = elected(lifecycle.step(ANY, after(Duration::ZERO)));
    let running = begin(&mut lifecycle, attempt, Duration::ZERO);
    let _renewed = lifecycle.issued(running, issued("a.b.c"), after(passed), Jitter::FULL);
    lifecycle
}

/// Returns why a caller with this need is elected at this age, if it is.
fn asks(
    lifecycle: &TokenLifecycle,
    min_validity: Duration,
    passed: Duration,
) -> Option<RenewalReason> {
    let mut lifecycle = lifecycle.clone();
    reason(&lifecycle.step(good_for(min_validity), after(passed)))
}

#[test]
fn a_token_is_renewed_for_a_caller_that_needs_it_for_longer() {
    let lifecycle = holding_from(Duration::ZERO);

    assert_eq!(asks(&lifecycle, SURE, LESS_FROM), None);
    assert_eq!(
        asks(&lifecycle, SURE, LESS_FROM + MILLI),
        Some(RenewalReason::Due)
    );
    assert_eq!(asks(&lifecycle, SURE - MILLI, LESS_FROM + MILLI), None);
    assert_eq!(asks(&lifecycle, Duration::ZERO, LESS_FROM + MILLI), None);
}

#[test]
fn a_longer_time_than_every_fresh_token_has_left_counts_as_that_time() {
    let lifecycle = holding_from(Duration::ZERO);

    assert_eq!(asks(&lifecycle, HOUR, LESS_FROM), None);
    assert_eq!(
        asks(&lifecycle, HOUR, LESS_FROM + MILLI),
        Some(RenewalReason::Due)
    );
}

#[test]
fn a_token_that_has_just_arrived_serves_every_caller_during_the_grace() {
    let arrived = LESS_FROM + MINUTE;
    let lifecycle = holding_from(arrived);
    let young = arrived + 6 * SECOND;

    assert_eq!(asks(&lifecycle, SURE, arrived), None);
    assert_eq!(asks(&lifecycle, SURE, young - MILLI), None);
    assert_eq!(asks(&lifecycle, SURE, young), Some(RenewalReason::Due));
}

#[test]
fn a_caller_that_needs_a_newer_token_waits_and_others_get_the_cached_one() {
    let mut lifecycle = holding();
    let newer = ANY.newer_than(generation(&lifecycle));

    let attempt = elected(lifecycle.step(newer, after(MINUTE)));

    assert_eq!(attempt.reason(), RenewalReason::Rejected);
    assert!(matches!(lifecycle.step(ANY, after(MINUTE)), Step::Use(_)));
    let waits = lifecycle.step(newer, after(MINUTE));
    assert!(matches!(waits, Step::Join { .. }), "{waits:?}");
    let _renewed = renew(&mut lifecycle, attempt, MINUTE);
    assert!(matches!(lifecycle.step(newer, after(MINUTE)), Step::Use(_)));
}
