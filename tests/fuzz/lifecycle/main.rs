//! Whole lives of tokens: whatever callers, servers, clocks and operators do in whatever order, an
//! agent does what a small model of it says, and keeps laws that need no model.
//!
//! Seeds are named for what happens in them; `cargo fuzz fmt lifecycle <seed>` tells it in full.

#![no_main]

mod deed;
mod facts;
mod model;
mod numbers;
mod told;
mod world;

use edx_auth_core::RenewalPolicy;
use libfuzzer_sys::arbitrary::{self, Arbitrary};
use libfuzzer_sys::fuzz_target;

use deed::Action;
use numbers::{Change, Numbers};
use world::World;

/// What is other in the policy than in everybody's, and what happens under it.
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
