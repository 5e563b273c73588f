//! Calls at full speed over both clients, while a fault happens every second. Each response is right, each
//! error has its fault, the token requests stay within their bounds, and the memory stays flat.
//!
//! The calls come in rounds, each with one fault of every kind, over a site that is new but for its address.
//! After a round no call is under way and no connection is open: what is still allocated then is what the
//! clients keep. All bounds are numbers for each fault, so that they hold at any speed.
//!
//! `EDX_AUTH_SOAK_SECONDS` says how long it takes. By default each fault happens to each caller once, without a
//! pause.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::unwrap_used,
    reason = "a test ends where its expectation does"
)]

mod caller;
mod fault;
mod memory;
mod round;
mod site;

use std::env;
use std::time::{Duration, Instant};

use caller::Caller;
use memory::Memory;
use round::{Counts, Round};
use site::Address;

#[test]
fn every_response_is_right_and_the_memory_flat_while_faults_happen() {
    let address = Address::new();
    let callers = Caller::all(&address);
    let (mut counts, mut memory) = (Counts::default(), Memory::default());
    let round = |number, pause| Round::new(&address, &callers, number).run(pause);

    // Until each fault has happened to each caller, pools and caches grow.
    while counts.rounds < callers.len() {
        counts += round(counts.rounds, Duration::ZERO);
    }
    let start = Instant::now();
    while start.elapsed() < soaking_time() {
        counts += round(counts.rounds, PAUSE);
        memory.measure(counts.faults);
    }

    eprintln!("{counts}; {memory}");
    assert!(
        memory
            .slope()
            .is_none_or(|slope| slope < BYTES_FOR_EACH_FAULT)
    );
}

fn soaking_time() -> Duration {
    let seconds = env::var("EDX_AUTH_SOAK_SECONDS");
    Duration::from_secs(seconds.map_or(0, |seconds| seconds.parse().unwrap()))
}

/// The time from one fault to the next.
const PAUSE: Duration = Duration::from_secs(1);

/// How much more memory each fault may leave behind: less than any value that the clients allocate for one.
const BYTES_FOR_EACH_FAULT: f64 = 50.0;
