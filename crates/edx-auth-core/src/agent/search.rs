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
use super::laws::history::{Action, CALLERS, Found, Outcome};
use super::laws::world::mix::Mix;
use super::laws::world::{Numbers, World};
use super::store::laws::ticks;
use crate::jitter::Jitter;
use crate::lifecycle::RenewalPolicy;

#[test]
fn every_state_of_a_small_world_keeps_every_law() {
    let [own, provided, stored] = worlds();
    let states =
        search(own, DEPTH) + search(provided, DEPTH_PROVIDED) + search(stored, DEPTH_STORED);

    std::eprintln!("{states} states");
    assert!(states >= FEWEST, "{states}");
}

#[test]
fn every_state_within_a_few_ticks_keeps_every_law() {
    // One agent has more states in each tick than processes that share a store.
    let ticks = ticks().map_or(0, |ticks| ticks.saturating_sub(2));
    let states = worlds().map(|world| search_ticks(world, ticks));

    std::eprintln!(
        "{states:?} states of one agent, {} within these ticks",
        states.iter().sum::<usize>()
    );
}

/// Returns worlds whose agent has its credentials, asks the program for them, or has a store.
fn worlds() -> [World; 3] {
    let agent = || TokenAgent::new(request().deadline(TICK), policy());
    [
        World::new(agent(), NUMBERS, false),
        World::new(agent(), NUMBERS, true),
        World::new(agent().with_store(), NUMBERS, false),
    ]
}

/// Searches breadth first, up to this number of actions. Returns how many states there are.
fn search(world: World, deepest: usize) -> usize {
    let mut seen = Seen::from_iter([world.digest()]);
    let mut frontier = vec![(world, Vec::new())];
    for depth in 1..=deepest {
        let mut next = Vec::new();
        for from in &frontier {
            let new = actions(&from.0).filter_map(|action| step(from, action, &mut seen));
            next.extend(new.filter(|_| depth < deepest));
        }
        frontier = next;
    }
    seen.len()
}

/// Searches all states that can be reached within this number of ticks. Returns how many there are. There are
/// two client credentials: of more, the agent forgets which the token endpoint has rejected.
fn search_ticks(world: World, ticks: u8) -> usize {
    let mut seen = Seen::from_iter([world.digest()]);
    let mut frontier = vec![(world, Vec::new())];
    for _ in 0..=ticks {
        let mut later = Vec::new();
        while let Some(from) = frontier.pop() {
            for action in actions(&from.0).filter(|action| !is_third(action)) {
                let passes = matches!(action, Action::Pass(_));
                let next = if passes { &mut later } else { &mut frontier };
                next.extend(step(&from, action, &mut seen));
            }
        }
        frontier = later;
    }
    seen.len()
}

fn actions(world: &World) -> impl Iterator<Item = &'static Action> {
    ACTIONS.iter().filter(|action| world.may_matter(action))
}

fn is_third(action: &Action) -> bool {
    let credentials = match action {
        Action::Provide { credentials, .. } => *credentials,
        _ => None,
    };
    credentials == Some(2)
}

/// Takes one action and checks the laws. Returns the state after it, if that is new.
fn step(
    (world, history): &(World, History),
    action: &'static Action,
    seen: &mut Seen,
) -> Option<(World, History)> {
    let (mut after, mut history) = (world.clone(), history.clone());
    after.happen(action);
    history.push(action);
    assert_keeps_laws(after.broken(), &history);
    seen.insert(after.digest()).then(|| {
        let mut rest = after.clone();
        rest.come_to_rest();
        assert_keeps_laws(rest.broken(), &history);
        (after, history)
    })
}

type History = Vec<&'static Action>;

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

static ACTIONS: [Action; 25] = [
    Action::Pass(TICK),
    acquire(0),
    acquire(1),
    acquire(2),
    Action::Poll,
    provide(Some(0)),
    provide(Some(1)),
    provide(Some(2)),
    provide(None),
    find(Found::Nothing),
    find(Found::Token {
        life: LIFE,
        age: Duration::ZERO,
    }),
    find(Found::Token {
        life: LIFE,
        age: TICK.saturating_mul(6),
    }),
    find(Found::Own),
    find(Found::Failure),
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

const fn find(found: Found) -> Action {
    Action::Find {
        found,
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

/// The same with a store.
const DEPTH_STORED: usize = 13;

/// How many states the search has to find at least. Fewer mean that it no longer reaches them all.
const FEWEST: usize = 100_000;
