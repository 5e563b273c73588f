//! Counts the exact allocations of the rows in memory and of one call, and checks each count against its bound.
#![allow(
    clippy::expect_used,
    reason = "a row that cannot be set up is not counted"
)]

use std::alloc::System;

use edx_auth_benches::get::Get;
use edx_auth_benches::{build, hot, parse, response};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

fn main() {
    let request = build::kept();
    within("build", 2, || build::ours(&request));
    let response = response::with_opaque_token(1024);
    // Two of the five belong to building the request; the same two are in the next row.
    within("build and parse, opaque", 5, || {
        drop(parse::ours(request.begin().1, &response));
    });
    let response = response::with_jwt(1024);
    within("build and parse, JWT", 6, || {
        drop(parse::ours(request.begin().1, &response));
    });
    let (source, mut headers) = (hot::ureq_source(1024), hot::headers());
    within("hot path, ureq", 0, || hot::ureq(&source, &mut headers));
    let (source, mut headers) = (hot::reqwest_source(1024), hot::headers());
    within("hot path, reqwest", 0, || {
        hot::reqwest(&source, &mut headers)
    });
    let get = Get::prepare(1024);
    // The deadline: 3 put it into the request, and one is its timer.
    let limit = least(|| get.preset()) + 4;
    within("authorized GET, reqwest", limit, || get.ours());
}

/// Checks that a row allocates at most `bound` times.
fn within(row: &str, bound: usize, call: impl FnMut()) {
    let least = least(call);
    println!("{row}: {least} allocations, of at most {bound}");
    assert!(least <= bound, "{row}");
}

/// Returns how often a row allocates, in the round with the fewest allocations of ten: other threads can only
/// add to what a row allocates.
fn least(mut call: impl FnMut()) -> usize {
    let mut round = || {
        let region = Region::new(ALLOCATOR);
        call();
        let change = region.change();
        change.allocations + change.reallocations
    };
    (0..10).map(|_| round()).min().expect("ten rounds")
}
