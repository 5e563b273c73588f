//! Laws of processes that share one store, and an exhaustive search of everything that can happen to a few
//! of them.
//!
//! The processes are real agents with a real policy. They crash, stop and continue late; what they send to
//! the store is lost, delayed or repeated, and what they read there may be old when they use it. The search
//! takes every action in every state that it reaches, and checks the laws in each. Like the laws of an
//! agent, each has a mutant in `tests/mutants`.

mod fleet;
mod process;
mod rest;
mod shelf;
mod steps;

use core::hash::BuildHasherDefault;
use std::collections::HashSet;
use std::vec;
use std::vec::Vec;

use super::super::laws::world::mix::Mix;
use fleet::{Action, Fleet, Size};

/// The laws of a shared store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Law {
    /// No token replaces one that was requested under a later claim, in the store, or one that outlives it,
    /// in a process.
    NewerTokensStay,
    /// A process takes and saves tokens only of the client credentials that it uses.
    TokensStayWithTheirKey,
    /// A caller gets its token in its time, even if the store hangs, fails, or gives no claim.
    NoCallFailsForTheStore,
    /// The processes request one token for each lifetime, one more for each crash, and one more for each
    /// failure of the store or of the site. A token request or a save that takes as long as a token is fresh
    /// is a failure.
    OneRequestPerLife,
    /// A claim whose process ended or stopped costs no other process its claim.
    ClaimsEnd,
}

#[test]
fn the_search_of_a_shared_store_keeps_every_law() {
    let wider = ticks().map(|ticks| {
        [
            size(2, ticks + 3, 0, 0),
            size(3, ticks, 0, 0),
            size(2, ticks, 0, 1),
        ]
    });
    let worlds = WORLDS.into_iter().chain(wider.into_iter().flatten());
    let states: usize = worlds.map(search).sum();

    std::eprintln!("{states} states of a shared store");
    assert!(states >= FEWEST, "{states}");
}

/// Returns how many ticks a wider search lasts, if `EDX_AUTH_SEARCH_TICKS` says so. It takes too long for every
/// day.
#[expect(clippy::disallowed_methods, reason = "the width of a test")]
pub(in crate::agent) fn ticks() -> Option<u8> {
    let ticks = std::env::var("EDX_AUTH_SEARCH_TICKS").ok()?;
    Some(ticks.parse().expect("a number of ticks"))
}

/// Searches until nothing new can happen. Returns how many states there are.
fn search(size: Size) -> usize {
    let fleet = Fleet::new(size);
    let (mut seen, mut rested) = (Seen::from_iter([fleet.digest()]), Seen::default());
    let mut frontier = vec![(fleet, Vec::new())];
    while let Some((fleet, history)) = frontier.pop() {
        for action in fleet.possible() {
            let mut after = fleet.clone();
            after.happen(action);
            let mut history: Vec<Action> = history.clone();
            history.push(action);
            assert_keeps_laws(&after, &history);
            if seen.insert(after.digest()) {
                after.check_rest(&mut rested);
                assert_keeps_laws(&after, &history);
                frontier.push((after, history));
            }
        }
    }
    seen.len()
}

/// The hashes of the states that were reached.
type Seen = HashSet<u64, BuildHasherDefault<Mix>>;

fn assert_keeps_laws(fleet: &Fleet, history: &[Action]) {
    let broken = &fleet.broken;
    assert!(broken.is_empty(), "{broken:?}, after {history:#?}");
}

/// More processes have less time: everything that can happen is more than a test can search.
const WORLDS: [Size; 5] = [
    size(2, 4, 0, 0),
    size(2, 2, 1, 0),
    size(2, 2, 0, 1),
    size(3, 2, 0, 0),
    size(3, 1, 1, 0),
];

const fn size(processes: usize, seconds: u8, faults: u8, changes: u8) -> Size {
    Size {
        processes,
        seconds,
        faults,
        changes,
    }
}

/// How many states the search has to find at least. Fewer mean that it no longer reaches them all.
const FEWEST: usize = 50_000;
