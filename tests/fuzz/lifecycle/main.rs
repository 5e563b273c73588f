//! Whole lives of tokens: whatever callers, servers, clocks and operators do in whatever order, a
//! lifecycle does what a small model of it says, and keeps laws that need no model.

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

use deed::Deed;
use numbers::Numbers;
use world::World;

/// A policy, or the one that everybody has; and what happens under it.
#[derive(Arbitrary, Debug)]
struct History {
    numbers: Option<Numbers>,
    deeds: Vec<Deed>,
}

fuzz_target!(|history: History| {
    let numbers = history.numbers.unwrap_or_default();
    let policy = numbers.build();
    assert_eq!(policy.err(), numbers.fault());
    let Ok(policy) = policy else { return };
    assert!(numbers != Numbers::default() || policy == RenewalPolicy::DEFAULT);

    let mut world = World::new(policy, numbers);
    for deed in &history.deeds {
        world.happen(deed);
    }
    world.come_to_rest();
});
