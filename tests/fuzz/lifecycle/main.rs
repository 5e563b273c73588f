//! Lives of tokens: for any history of callers, servers, clocks and operators, an agent does what a
//! small model predicts, and keeps laws that need no model.
//!
//! Seeds are named after their events; `cargo fuzz fmt lifecycle <seed>` prints all of them.

#![no_main]

mod action;
mod facts;
mod model;
mod numbers;
mod report;
mod world;

use edx_auth_core::RenewalPolicy;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

use action::Action;
use numbers::{Change, Numbers};
use world::World;

/// Changes to the default policy, and the actions under it.
#[derive(Arbitrary, Debug)]
struct History {
    changes: Vec<Change>,
    actions: Vec<Action>,
}

fuzz_target!(|history: History| {
    let changes = history.changes.iter().copied();
    let numbers = changes.fold(Numbers::default(), Numbers::with);
    let policy = numbers.build();
    assert_eq!(policy.err(), numbers.fault());
    let Ok(policy) = policy else { return };
    assert!(numbers != Numbers::default() || policy == RenewalPolicy::DEFAULT);

    let mut world = World::new(policy, numbers);
    for action in &history.actions {
        world.happen(action);
    }
    world.come_to_rest();
});
