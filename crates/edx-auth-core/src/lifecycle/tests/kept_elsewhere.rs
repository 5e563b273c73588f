//! Tokens that were kept outside of the lifecycle.

use super::*;
use crate::lifecycle::StoredToken;

/// A token of an hour that was born so long before, or ahead of, the beginning.
fn born(at: Duration) -> StoredToken {
    StoredToken::new(token("kept"), HOUR, at)
}

fn adopt(lifecycle: &mut TokenLifecycle, stored: StoredToken, passed: Duration) -> bool {
    let event = lifecycle.adopt(stored, after(passed), Jitter::NONE);
    matches!(event, Event::Adopted { .. })
}

#[test]
fn a_birth_that_has_not_come_yet_is_believed_for_five_seconds() {
    let now = after(Duration::ZERO).wall;
    for (ahead, is_adopted) in [
        (5 * SECOND - MILLI, true),
        (5 * SECOND, true),
        (5 * SECOND + MILLI, false),
    ] {
        let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);

        let adopted = adopt(&mut lifecycle, born(now + ahead), Duration::ZERO);

        assert_eq!(adopted, is_adopted, "{ahead:?}");
    }
}

#[test]
fn a_token_is_adopted_with_the_age_that_it_has() {
    let now = after(Duration::ZERO).wall;
    let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);

    assert!(adopt(
        &mut lifecycle,
        born(now - 20 * MINUTE),
        Duration::ZERO
    ));

    let usable_for = lifecycle.health(after(Duration::ZERO)).usable_for;
    assert_eq!(usable_for, 40 * MINUTE - 30 * SECOND);
}

#[test]
fn a_token_is_adopted_only_where_it_may_be_used_and_outlives_the_one_at_hand() {
    let birth = after(Duration::ZERO).wall;
    for (at, is_adopted) in [
        (birth - HOUR, false),
        (birth - MILLI, false),
        (birth, false),
        (birth + MILLI, true),
    ] {
        assert_eq!(
            adopt(&mut holding(), born(at), MINUTE),
            is_adopted,
            "{at:?}"
        );
    }
}

#[test]
fn the_token_at_hand_is_not_adopted_anew() {
    let later = after(MINUTE).wall;
    let same = StoredToken::new(token("a.b.c"), HOUR, later);

    assert!(!adopt(&mut holding(), same, MINUTE));
}

#[test]
fn another_token_mends_a_refusal_and_nothing_else() {
    let kept = || born(after(MINUTE).wall);
    let mut refused = holding();
    let _refusal = refused.invalidate(refused.last_generation, after(MINUTE));
    let mut forced = holding();
    let _owed = forced.renew_now(RenewalReason::Forced, after(MINUTE));

    assert!(adopt(&mut refused, kept(), MINUTE));
    assert!(adopt(&mut forced, kept(), MINUTE));

    assert_eq!(reason(&refused.step(after(MINUTE))), None);
    assert_eq!(
        reason(&forced.step(after(MINUTE))),
        Some(RenewalReason::Forced)
    );
}

#[test]
fn what_is_kept_is_the_token_with_its_life_and_its_birth() {
    let kept = holding().store(after(20 * MINUTE)).unwrap();

    assert_eq!(kept.token.expose(), "a.b.c");
    assert_eq!(kept.lifetime, HOUR);
    assert_eq!(kept.born, after(Duration::ZERO).wall);
}

#[test]
fn nothing_is_kept_that_may_not_be_used_or_was_refused() {
    let mut refused = holding();
    let _refusal = refused.invalidate(refused.last_generation, after(MINUTE));
    let unusable = HOUR - 30 * SECOND;

    assert!(refused.store(after(MINUTE)).is_none());
    assert!(holding().store(after(unusable - MILLI)).is_some());
    assert!(holding().store(after(unusable)).is_none());
    assert!(
        TokenLifecycle::new(RenewalPolicy::DEFAULT)
            .store(after(MINUTE))
            .is_none()
    );
}
