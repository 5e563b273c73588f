//! Renewals that the program asks for, and new credentials.

use super::*;

#[test]
fn a_token_of_the_old_credentials_is_not_taken_after_the_new_ones_came() {
    let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);
    let old = elected(lifecycle.step(after(Duration::ZERO)));
    let _owed = lifecycle.renew_now(RenewalReason::NewCredentials, after(SECOND));

    let event = settle(&mut lifecycle, old, SECOND);

    assert!(matches!(event, Event::Stale), "{event:?}");
    let step = lifecycle.step(after(SECOND));
    assert_eq!(reason(&step), Some(RenewalReason::NewCredentials));
}

#[test]
fn a_renewal_for_new_credentials_stays_one_whatever_else_is_asked() {
    let mut lifecycle = holding();

    let _owed = lifecycle.renew_now(RenewalReason::NewCredentials, after(SECOND));
    let _owed = lifecycle.renew_now(RenewalReason::Forced, after(SECOND));

    let step = lifecycle.step(after(SECOND));
    assert_eq!(reason(&step), Some(RenewalReason::NewCredentials));
}

#[test]
fn a_renewal_for_any_other_reason_counts_as_forced() {
    for other in [
        RenewalReason::Forced,
        RenewalReason::Due,
        RenewalReason::Rejected,
    ] {
        let mut lifecycle = holding();

        let event = lifecycle.renew_now(other, after(SECOND));

        assert!(
            matches!(event, Event::Owed(RenewalReason::Forced)),
            "{event:?}"
        );
        let step = lifecycle.step(after(SECOND));
        assert_eq!(reason(&step), Some(RenewalReason::Forced));
    }
}

#[test]
fn a_forced_renewal_joins_an_attempt_on_its_way() {
    let mut lifecycle = holding();
    let _owed = lifecycle.renew_now(RenewalReason::Forced, after(SECOND));
    let _on_its_way = elected(lifecycle.step(after(SECOND)));

    let event = lifecycle.renew_now(RenewalReason::Forced, after(SECOND));

    assert!(
        matches!(event, Event::Joined(RenewalReason::Forced)),
        "{event:?}"
    );
}
