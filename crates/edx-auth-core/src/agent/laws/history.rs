//! Random histories: what callers, servers, clocks, workers and programs do to one agent.

use core::time::Duration;
use std::vec;
use std::vec::Vec;

use proptest::collection;
use proptest::prelude::*;

use crate::jitter::Jitter;

/// One thing that happens.
#[derive(Clone, Copy, Debug)]
pub(in crate::agent) enum Action {
    /// Time passes, and both clocks count it.
    Pass(Duration),
    /// The machine sleeps: the wall clock alone counts it.
    Suspend(Duration),
    /// The wall clock is set back.
    SetBack(Duration),
    /// The wall clock is set forward.
    SetForward(Duration),
    /// A caller asks for a token that is valid for this long.
    Acquire { caller: usize, validity: Duration },
    /// The worker looks for work.
    Poll,
    /// The program provides these client credentials, or none.
    Provide {
        credentials: Option<usize>,
        jitter: Jitter,
    },
    /// The worker finds this in the store that it looks into.
    Find { found: Found, jitter: Jitter },
    /// The token request that is out ends.
    End { outcome: Outcome, jitter: Jitter },
    /// The worker does its work at once: the program provides these client credentials, and their
    /// token request ends like this.
    Work {
        credentials: usize,
        outcome: Outcome,
        jitter: Jitter,
    },
    /// The worker is lost, as by a panic, and never reports its work.
    Lose { jitter: Jitter },
    /// An old ticket, or one of another agent, is reported.
    ReportLate {
        ticket: usize,
        outcome: Outcome,
        jitter: Jitter,
    },
    /// An API rejects the token that this caller was given last.
    Reject(usize),
    /// The program asks for a new token.
    Force,
    /// The program sets client credentials.
    SetCredentials(usize),
    /// The program announces that its client credentials changed.
    Announce,
    /// A stored token of this lifetime and age is restored.
    Restore {
        life: u64,
        age: Duration,
        jitter: Jitter,
    },
}

/// What is in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::agent) enum Found {
    Nothing,
    /// A token of another process, of this lifetime and age.
    Token {
        life: u64,
        age: Duration,
    },
    /// The token that was cached last.
    Own,
    /// The store fails.
    Failure,
}

/// How a token request ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::agent) enum Outcome {
    Issued { life: u64 },
    InvalidClient,
    Denied,
    Unavailable,
    Throttled { retry_after: u64 },
    Disconnected,
}

/// A history of an agent, and whether the program provides its client credentials.
#[derive(Clone, Debug)]
pub(super) struct History {
    pub(super) is_provided: bool,
    pub(super) actions: Vec<Action>,
}

pub(in crate::agent) const CALLERS: usize = 3;

/// How many different client credentials the program has.
pub(super) const CREDENTIALS: usize = 4;

pub(super) fn histories() -> impl Strategy<Value = History> {
    (any::<bool>(), collection::vec(action(), 1..60)).prop_map(|(is_provided, actions)| History {
        is_provided,
        actions,
    })
}

fn action() -> impl Strategy<Value = Action> {
    let credentials = || 0..CREDENTIALS;
    prop_oneof![
        12 => stretch().prop_map(Action::Pass),
        2 => stretch().prop_map(Action::Suspend),
        1 => stretch().prop_map(Action::SetBack),
        1 => stretch().prop_map(Action::SetForward),
        14 => (0..CALLERS, validity())
            .prop_map(|(caller, validity)| Action::Acquire { caller, validity }),
        9 => Just(Action::Poll),
        4 => (prop::option::weighted(0.8, credentials()), jitter())
            .prop_map(|(credentials, jitter)| Action::Provide { credentials, jitter }),
        9 => (outcome(), jitter()).prop_map(|(outcome, jitter)| Action::End { outcome, jitter }),
        10 => (credentials(), outcome(), jitter())
            .prop_map(|(credentials, outcome, jitter)| Action::Work { credentials, outcome, jitter }),
        1 => jitter().prop_map(|jitter| Action::Lose { jitter }),
        2 => (0..8_usize, outcome(), jitter())
            .prop_map(|(ticket, outcome, jitter)| Action::ReportLate { ticket, outcome, jitter }),
        6 => (0..CALLERS).prop_map(Action::Reject),
        1 => Just(Action::Force),
        2 => credentials().prop_map(Action::SetCredentials),
        1 => Just(Action::Announce),
        1 => (life(), stretch(), jitter())
            .prop_map(|(life, age, jitter)| Action::Restore { life, age, jitter }),
    ]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        6 => life().prop_map(|life| Outcome::Issued { life }),
        3 => Just(Outcome::InvalidClient),
        1 => Just(Outcome::Denied),
        1 => Just(Outcome::Unavailable),
        1 => (0..5000_u64).prop_map(|retry_after| Outcome::Throttled { retry_after }),
        1 => Just(Outcome::Disconnected),
    ]
}

/// Returns durations from milliseconds, which matter to a lease, to two days, which matter to a long life.
fn stretch() -> impl Strategy<Value = Duration> {
    prop_oneof![
        1 => 0..2_000_u64,
        3 => 0..30_000_u64,
        3 => 0..700_000_u64,
        2 => 0..4_000_000_u64,
        1 => 0..200_000_000_u64,
    ]
    .prop_map(Duration::from_millis)
}

fn life() -> impl Strategy<Value = u64> {
    prop_oneof![2 => Just(3600_u64), 2 => 2..60_u64, 2 => 60..40_000_u64, 1 => 2..31_536_000_u64]
}

fn validity() -> impl Strategy<Value = Duration> {
    prop_oneof![4 => Just(Duration::ZERO), 1 => stretch()]
}

fn jitter() -> impl Strategy<Value = Jitter> {
    any::<u32>().prop_map(Jitter::from_bits)
}
