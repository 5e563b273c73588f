//! Allocations, counted by the process's own allocator.

use std::alloc::System;

use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Returns the number of allocations and reallocations of one call, on average in the lowest of ten rounds
/// of a hundred calls: other threads of the process can only add to them.
pub fn of(mut call: impl FnMut()) -> f64 {
    let mut round = || {
        let region = Region::new(ALLOCATOR);
        (0..100).for_each(|_| call());
        let change = region.change();
        change.allocations + change.reallocations
    };
    let least = (0..10).map(|_| round()).min().unwrap_or_default();
    least as f64 / 100.0
}

/// Returns how many more bytes are held after the work than before.
pub fn held_by<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let region = Region::new(ALLOCATOR);
    let made = work();
    let change = region.change();
    // Reallocated blocks are already part of both counts.
    let held = change.bytes_allocated as f64 - change.bytes_deallocated as f64;
    (made, held)
}
