//! `std`, on a machine where a scenario decides which thread runs next and what time it is.
//!
//! The driver's own files are compiled against this crate in the place of `std` and of
//! `futures_timer`. Locks, threads and clocks belong to the scheduler; everything else is the real
//! `std`. A timed wait ends when the scenario lets time pass: see [`time::passes`].

mod delay;
pub mod explore;
pub mod sync;
pub mod thread;
pub mod time;

pub use std::*;

pub use delay::{Delay, fail_timers};

/// Lets another thread run in between.
fn pause() {
    use shuttle::sync::atomic::{AtomicBool, Ordering};
    let _seen_by_the_scheduler = AtomicBool::new(false).load(Ordering::SeqCst);
}
