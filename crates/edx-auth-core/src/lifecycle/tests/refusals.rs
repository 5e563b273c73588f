//! Servers that refuse the token at hand.

use super::*;
use crate::lifecycle::Refusal;

fn refuse(lifecycle: &mut TokenLifecycle, passed: Duration) -> Refusal {
    lifecycle.invalidate(lifecycle.last_generation, after(passed))
}

#[test]
fn a_token_is_young_for_six_seconds_and_no_longer() {
    let young = 6 * SECOND;

    assert_eq!(
        refuse(&mut holding(), young - MILLI),
        Refusal::TooYoung { wait: MILLI }
    );
    assert_eq!(
        refuse(&mut holding(), young),
        Refusal::WillRenew { wait: MILLI }
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

    assert_eq!(late, Refusal::AlreadyReplaced);
    assert_eq!(lifecycle.health(after(2 * MINUTE)).refused, 2);
}

#[test]
fn a_refused_caller_hears_how_long_the_ladder_lasts() {
    let mut lifecycle = holding();
    let _first = refuse(&mut lifecycle, MINUTE);
    let attempt = elected(lifecycle.step(after(MINUTE)));
    assert_eq!(attempt.reason(), Reason::Refused);
    let _renewed = settle(&mut lifecycle, attempt, MINUTE);

    let refusal = refuse(&mut lifecycle, MINUTE + 6 * SECOND);

    assert_eq!(refusal, Refusal::WillRenew { wait: 4 * SECOND });
    assert_eq!(
        reason(&lifecycle.step(after(MINUTE + 10 * SECOND - MILLI))),
        None
    );
    let step = lifecycle.step(after(MINUTE + 10 * SECOND));
    assert_eq!(reason(&step), Some(Reason::Refused));
}

#[test]
fn a_refused_token_that_is_over_waits_for_no_ladder() {
    let mut lifecycle = holding();
    let _first = refuse(&mut lifecycle, MINUTE);
    let attempt = elected(lifecycle.step(after(MINUTE)));
    let _renewed = settle(&mut lifecycle, attempt, MINUTE);

    let refusal = refuse(&mut lifecycle, 2 * HOUR);

    assert_eq!(refusal, Refusal::WillRenew { wait: MILLI });
    assert_eq!(lifecycle.health(after(2 * HOUR)).refused, 1);
    let step = lifecycle.step(after(2 * HOUR));
    assert_eq!(reason(&step), Some(Reason::Expired));
}
