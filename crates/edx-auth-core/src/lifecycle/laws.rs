//! What holds whatever happens, over random histories; and for every law a deliberate fault that
//! has to break it.

mod exchange;
pub(super) mod fault;
mod history;
mod world;

use core::time::Duration;
use std::vec::Vec;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use super::{Moment, RenewalError, RenewalPolicy, RenewalReason, Step, TokenLifecycle};
use crate::jitter::Jitter;
use exchange::issued;
use world::World;

/// The laws.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Law {
    /// As long as one and the same clock counted its whole life.
    NoExpiredTokenIsServed,
    /// Not to the caller who reported it; young ones aside.
    NoRefusedTokenComesBack,
    /// From nobody.
    RefusalsTakeNoToken,
    /// Elections that refused tokens cause are never closer than the ladder.
    RefusalsKeepTheirDistance,
    /// Inside a lease; new credentials aside.
    OneAttemptAtATime,
    /// New credentials end a permanent one.
    NobodyAsksInAPause,
    /// So that nobody spins, and nobody sleeps for ever.
    WaitsArePositiveAndBounded,
    /// Whoever keeps asking gets a token in the end.
    NobodyIsStuck,
    /// A usable token stays.
    FailuresTakeNoToken,
    /// Not even where nothing better is at hand.
    NothingDeadReplacesAToken,
    /// A late refusal is a no-op.
    OldRefusalsChangeNothing,
    /// From five seconds to a year.
    HalfOfEveryLifeIsUsable,
}

const OF_HISTORIES: [Law; 11] = [
    Law::NoExpiredTokenIsServed,
    Law::NoRefusedTokenComesBack,
    Law::RefusalsTakeNoToken,
    Law::RefusalsKeepTheirDistance,
    Law::OneAttemptAtATime,
    Law::NobodyAsksInAPause,
    Law::WaitsArePositiveAndBounded,
    Law::NobodyIsStuck,
    Law::FailuresTakeNoToken,
    Law::NothingDeadReplacesAToken,
    Law::OldRefusalsChangeNothing,
];

proptest! {
    #[test]
    fn every_history_keeps_every_law(history in history::histories()) {
        prop_assert_eq!(World::live_through(&history), Vec::new());
    }

    #[test]
    fn half_of_every_life_is_usable(life in 5_u64..=31_536_000, jitter in any::<u32>()) {
        prop_assert!(is_half_usable(life, Jitter::from_bits(jitter)));
    }
}

#[test]
fn every_law_of_histories_is_broken_by_its_fault() {
    for law in OF_HISTORIES {
        assert!(
            fault::with(law, || is_broken(law)),
            "no history breaks {law:?}"
        );
    }
}

#[test]
fn half_of_every_life_is_not_usable_with_a_fixed_margin() {
    let is_kept = |life| is_half_usable(life, Jitter::NONE);

    assert!(!fault::with(Law::HalfOfEveryLifeIsUsable, || (5..3600).all(is_kept)));
}

/// Whether some random history breaks this very law.
fn is_broken(law: Law) -> bool {
    let mut runner = TestRunner::deterministic();
    (0..2000).any(|_| {
        let history = history::histories()
            .new_tree(&mut runner)
            .unwrap()
            .current();
        World::live_through(&history).contains(&law)
    })
}

/// Whether a token of this life is served at each millisecond of its first half, by samples.
fn is_half_usable(life: u64, jitter: Jitter) -> bool {
    let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);
    let birth = Moment::default();
    let Step::Fetch(attempt) = lifecycle.step(birth) else {
        return false;
    };
    assert_eq!(attempt.reason(), RenewalReason::Cold);
    let _event = lifecycle.settle(attempt, Ok::<_, RenewalError>(issued(life)), birth, jitter);
    let half = Duration::from_secs(life - 1) / 2;
    (0..=8).all(|part| {
        let mut lifecycle = lifecycle.clone();
        let age = half * part / 8;
        let now = Moment {
            monotonic: age,
            wall: age,
        };
        matches!(lifecycle.step(now), Step::Use(_) | Step::Renew(..))
    })
}
