//! `std`, on a machine where a scenario decides who runs next and what time it is.
//!
//! A driver's own files are compiled against this crate in the place of `std`. Locks, threads and
//! clocks are the scheduler's here, all else is what it always is; beside them are what else a driver
//! waits by. A timed wait ends when the scenario says so: see [`time::passes`].

pub mod delay;
pub mod notify;
pub mod sync;
pub mod thread;
pub mod time;

pub use std::*;

/// Where another thread may come in between.
fn pause() {
    use shuttle::sync::atomic::{AtomicBool, Ordering};
    let _seen_by_the_scheduler = AtomicBool::new(false).load(Ordering::SeqCst);
}
