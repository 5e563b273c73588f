//! A call with a fresh token takes one lock, reads two clocks and does not allocate.
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test ends where its expectation does"
)]

use std::alloc::System;
use std::hint::black_box;
use std::sync::{Mutex, PoisonError};

use edx_auth_core::{AccessToken, Origins, TokenType};
use edx_auth_testkit::MockEdx;
use edx_auth_tests::drivers::Setup;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, Stats, StatsAlloc};
use tokio::runtime::Builder;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

#[test]
fn a_fresh_token_over_ureq_allocates_nothing() {
    use edx_auth_ureq::TokenSource;
    let _alone = alone();
    let edx = MockEdx::start().unwrap();
    let issued = TokenSource::new(setup(&edx).request).unwrap();

    for source in [issued, TokenSource::fixed(some_token(), Origins::none())] {
        source.token().unwrap();

        let allocated = least_of_ten_rounds(|| {
            let region = Region::new(ALLOCATOR);
            for _ in 0..CALLS {
                black_box(source.token()).unwrap();
            }
            region.change()
        });

        assert_eq!(allocated, (0, 0), "{source:?}");
    }
}

#[test]
fn a_fresh_token_over_reqwest_allocates_nothing() {
    use edx_auth_reqwest::TokenSource;
    let _alone = alone();
    let edx = MockEdx::start().unwrap();
    let issued = TokenSource::new(setup(&edx).request).unwrap();
    let runtime = Builder::new_current_thread().build().unwrap();

    for source in [issued, TokenSource::fixed(some_token(), Origins::none())] {
        runtime.block_on(source.token()).unwrap();

        let allocated = least_of_ten_rounds(|| {
            runtime.block_on(async {
                let region = Region::new(ALLOCATOR);
                for _ in 0..CALLS {
                    black_box(source.token().await).unwrap();
                }
                region.change()
            })
        });

        assert_eq!(allocated, (0, 0), "{source:?}");
    }
}

#[test]
fn what_is_allocated_is_counted() {
    let _alone = alone();

    let allocated = least_of_ten_rounds(|| {
        let region = Region::new(ALLOCATOR);
        let mut bytes = black_box(Vec::with_capacity(1));
        bytes.extend([0; 100]);
        black_box(bytes);
        region.change()
    });

    assert_eq!(allocated, (1, 1));
}

/// Returns the numbers of allocations and reallocations in the round with the fewest. Other threads of the
/// process can only add to them, so the lowest count is right.
fn least_of_ten_rounds(round: impl Fn() -> Stats) -> (usize, usize) {
    let rounds = (0..10).map(|_| round());
    let counts = rounds.map(|stats| (stats.allocations, stats.reallocations));
    counts.min().expect("ten rounds")
}

/// Keeps other tests of this binary from allocating.
fn alone() -> impl Drop {
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner)
}

fn setup(edx: &MockEdx) -> Setup {
    Setup::new(&edx.token_url(), edx.client_id(), edx.client_secret())
}

fn some_token() -> AccessToken {
    AccessToken::new(TokenType::Jwt, "e30.e30.c2ln").unwrap()
}

const CALLS: usize = 1000;
