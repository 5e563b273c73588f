//! Renewals that the program asks for, and new credentials.

use super::*;

#[test]
fn a_token_of_the_old_credentials_is_not_taken_after_the_new_ones_came() {
    let mut lifecycle = empty();
    let old = elected(lifecycle.step(ANY, after(Duration::ZERO)));
    let old = begin(&mut lifecycle, old, Duration::ZERO);
    lifecycle.change_credentials(after(SECOND));

    let event = succeed(&mut lifecycle, old, SECOND);

    assert!(matches!(event, Event::Stale), "{event:?}");
    let step = lifecycle.step(ANY, after(SECOND));
    assert_eq!(reason(&step), Some(RenewalReason::NewCredentials));
}

#[test]
fn an_attempt_of_the_old_credentials_does_not_begin_after_the_new_ones_came() {
    let mut lifecycle = empty();
    let old = elected(lifecycle.step(ANY, after(Duration::ZERO)));
    lifecycle.change_credentials(after(SECOND));

    assert!(!lifecycle.is_live(&old, after(SECOND)));
    assert!(lifecycle.begin(old, after(SECOND)).is_none());
}

#[test]
fn new_credentials_stay_the_reason_of_a_renewal_that_is_forced_too() {
    let mut lifecycle = holding();

    lifecycle.change_credentials(after(SECOND));
    lifecycle.force_renewal();

    let step = lifecycle.step(ANY, after(SECOND));
    assert_eq!(reason(&step), Some(RenewalReason::NewCredentials));
}

#[test]
fn a_forced_renewal_is_reported_as_forced_even_if_the_token_was_rejected() {
    let mut rejected = holding();
    let _wait = rejected.invalidate(generation(&rejected), after(MINUTE));
    for mut lifecycle in [holding(), rejected] {
        lifecycle.force_renewal();

        let step = lifecycle.step(ANY, after(MINUTE));
        assert_eq!(reason(&step), Some(RenewalReason::Forced));
    }
}

#[test]
fn a_forced_renewal_joins_an_attempt_in_flight() {
    let mut lifecycle = holding();
    let newer = ANY.newer_than(generation(&lifecycle));
    lifecycle.force_renewal();
    let _in_flight = elected(lifecycle.step(ANY, after(SECOND)));

    lifecycle.force_renewal();

    let step = lifecycle.step(newer, after(SECOND));
    assert!(matches!(step, Step::Join { .. }), "{step:?}");
}
