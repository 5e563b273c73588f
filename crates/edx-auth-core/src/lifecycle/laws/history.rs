//! Random histories: what callers, servers, clocks and operators do to one lifecycle.

use core::time::Duration;
use std::vec;
use std::vec::Vec;

use proptest::collection;
use proptest::prelude::*;

use crate::jitter::Jitter;

/// One thing that happens.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    /// Time passes, and both clocks count it.
    Pass(Duration),
    /// The machine sleeps: the wall clock alone counts it.
    Suspend(Duration),
    /// Somebody sets the wall clock back.
    SetBack(Duration),
    /// Somebody sets the wall clock forward.
    SetForward(Duration),
    /// One of the callers asks for a token that is good for so long.
    Ask { caller: usize, validity: Duration },
    /// The request of one of the attempts leaves.
    Begin(usize),
    /// One of the attempts settles.
    Settle {
        attempt: usize,
        outcome: Outcome,
        jitter: Jitter,
    },
    /// The last attempt is made at once, and brings a token of this life.
    Fetch { life: u64, jitter: Jitter },
    /// One of the elected callers gives up.
    Abandon { attempt: usize, jitter: Jitter },
    /// A server refuses one of the callers the token that it was given last.
    Refuse(usize),
    /// The program asks for a new token.
    Force,
    /// The program has new credentials.
    ChangeCredentials,
    /// A token of this life and age is found elsewhere.
    Adopt {
        life: u64,
        age: Duration,
        jitter: Jitter,
    },
}

/// What comes of a token request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Outcome {
    Issued { life: u64 },
    Unavailable,
    Throttled { retry_after: u64 },
    Denied,
}

pub(super) const CALLERS: usize = 4;

pub(super) fn histories() -> impl Strategy<Value = Vec<Deed>> {
    collection::vec(deed(), 1..60)
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        12 => stretch().prop_map(Deed::Pass),
        2 => stretch().prop_map(Deed::Suspend),
        1 => stretch().prop_map(Deed::SetBack),
        1 => stretch().prop_map(Deed::SetForward),
        14 => (0..CALLERS, validity()).prop_map(|(caller, validity)| Deed::Ask { caller, validity }),
        8 => (0..4_usize).prop_map(Deed::Begin),
        8 => (0..4_usize, outcome(), jitter())
            .prop_map(|(attempt, outcome, jitter)| Deed::Settle { attempt, outcome, jitter }),
        8 => (life(), jitter()).prop_map(|(life, jitter)| Deed::Fetch { life, jitter }),
        1 => (0..4_usize, jitter()).prop_map(|(attempt, jitter)| Deed::Abandon { attempt, jitter }),
        6 => (0..CALLERS).prop_map(Deed::Refuse),
        1 => Just(Deed::Force),
        1 => Just(Deed::ChangeCredentials),
        1 => (life(), stretch(), jitter())
            .prop_map(|(life, age, jitter)| Deed::Adopt { life, age, jitter }),
    ]
}

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        6 => life().prop_map(|life| Outcome::Issued { life }),
        1 => Just(Outcome::Unavailable),
        1 => (0..5000_u64).prop_map(|retry_after| Outcome::Throttled { retry_after }),
        1 => Just(Outcome::Denied),
    ]
}

/// From what matters to a lease to what matters to a long life.
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
