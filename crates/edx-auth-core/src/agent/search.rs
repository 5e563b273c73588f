//! An exhaustive search of everything that can happen to one agent in a small simulation.
//!
//! A random history may miss the one order of events that breaks a law. This search takes every action
//! in every state that it reaches, and checks the laws after every action and in every state. Times are
//! whole ticks of five seconds, and so few that a token becomes due, unusable and expired, and a lease,
//! a skew grace and a backoff end, within a short history.

use core::hash::BuildHasherDefault;
use core::time::Duration;
use std::collections::HashSet;
use std::vec;
use std::vec::Vec;

use super::TokenAgent;
use super::laws::Law;
use super::laws::exchange::request;
use super::laws::history::{Action, CALLERS, Outcome};
use super::laws::world::mix::Mix;
use super::laws::world::{Numbers, World};
use crate::jitter::Jitter;
use crate::lifecycle::RenewalPolicy;

#[test]
fn every_state_of_a_small_world_keeps_every_law() {
    let states: usize = search(false, DEPTH) + search(true, DEPTH_PROVIDED);

    std::eprintln!("{states} states");
    assert!(states >= FEWEST, "{states}");
}

/// Searches breadth first. Returns how many states there are.
fn search(is_provided: bool, deepest: usize) -> usize {
    let agent = TokenAgent::new(request().deadline(TICK), policy());
    let world = World::new(agent, NUMBERS, is_provided);
    let mut seen = Seen::from_iter([world.digest()]);
    let mut frontier = vec![(world, Vec::new())];
    for depth in 1..=deepest {
        let mut next = Vec::new();
        for (world, history) in &frontier {
            for action in ACTIONS.iter().filter(|action| world.may_matter(action)) {
                let mut after = world.clone();
                after.happen(action);
                let is_new = seen.insert(after.digest());
                let mut history: Vec<&Action> = history.clone();
                history.push(action);
                assert_keeps_laws(after.broken(), &history);
                if is_new {
                    let mut rest = after.clone();
                    rest.come_to_rest();
                    assert_keeps_laws(rest.broken(), &history);
                    if depth < deepest {
                        next.push((after, history));
                    }
                }
            }
        }
        frontier = next;
    }
    seen.len()
}

type Seen = HashSet<u64, BuildHasherDefault<Mix>>;

fn assert_keeps_laws(broken: &[Law], history: &[&Action]) {
    assert!(broken.is_empty(), "{broken:?}, after {history:#?}");
}

fn policy() -> RenewalPolicy {
    RenewalPolicy::builder()
        .expiry_margin(TICK)
        .renewal_margin(TICK * 3)
        .skew_grace(TICK)
        .lease(TICK * 2)
        .transient_backoff(TICK, TICK * 2)
        .permanent_backoff(TICK * 2, TICK * 3)
        .rejection_backoff(TICK * 2, TICK * 3)
        .rejections_forgotten_after(TICK * 5)
        .build()
        .unwrap()
}

const TICK: Duration = Duration::from_secs(5);

const NUMBERS: Numbers = Numbers {
    lease: TICK.saturating_mul(2),
    rejections: (TICK.saturating_mul(2), TICK.saturating_mul(3)),
    calm: TICK.saturating_mul(5),
    longest_wait: TICK.saturating_mul(4),
    budgets: [TICK.saturating_mul(2); CALLERS],
};

/// The `expires_in` of each token: eight ticks, and the second that the agent subtracts for rounding.
const LIFE: u64 = 41;

const ACTIONS: [Action; 20] = [
    Action::Pass(TICK),
    acquire(0),
    acquire(1),
    acquire(2),
    Action::Poll,
    provide(Some(0)),
    provide(Some(1)),
    provide(Some(2)),
    provide(None),
    end(Outcome::Issued { life: LIFE }),
    end(Outcome::InvalidClient),
    end(Outcome::Unavailable),
    Action::Lose {
        jitter: Jitter::NONE,
    },
    Action::Reject(0),
    Action::Reject(1),
    Action::Reject(2),
    Action::Force,
    Action::SetCredentials(0),
    Action::SetCredentials(1),
    Action::Announce,
];

const fn acquire(caller: usize) -> Action {
    Action::Acquire {
        caller,
        validity: Duration::ZERO,
    }
}

const fn provide(credentials: Option<usize>) -> Action {
    Action::Provide {
        credentials,
        jitter: Jitter::NONE,
    }
}

const fn end(outcome: Outcome) -> Action {
    Action::End {
        outcome,
        jitter: Jitter::NONE,
    }
}

/// The number of actions in the longest history.
const DEPTH: usize = 15;

/// The same if the program provides the client credentials, which multiplies the states.
const DEPTH_PROVIDED: usize = 14;

/// How many states the search has to find at least. Fewer mean that it no longer reaches them all.
const FEWEST: usize = 100_000;
