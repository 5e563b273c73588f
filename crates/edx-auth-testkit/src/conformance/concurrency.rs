//! Calls of many threads at the same time, and calls with a time limit.

use std::sync::Barrier;
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use super::fixture::{TIMEOUT, kit_error};
use super::result::ItemResult;
use crate::MockEdx;

/// Calls the function in `threads` threads at the same time. Returns all results.
pub(super) fn call_concurrently<T: Send>(
    threads: usize,
    call: impl Fn() -> T + Sync,
) -> ItemResult<Vec<T>> {
    let start = Barrier::new(threads);
    let begin = || {
        start.wait();
        call()
    };
    thread::scope(|scope| {
        let calls: Vec<_> = (0..threads).map(|_| scope.spawn(begin)).collect();
        calls.into_iter().map(joined).collect()
    })
}

/// Runs the work until `is_enough` returns true or the time limit ends, then stops the site. Returns
/// the result of the work if it ended before.
pub(super) fn run_until<T: Send>(
    edx: MockEdx,
    is_enough: impl Fn() -> bool,
    work: impl FnOnce() -> T + Send,
) -> ItemResult<Option<T>> {
    let started = Instant::now();
    thread::scope(|scope| {
        let work = scope.spawn(work);
        while !work.is_finished() && !is_enough() && started.elapsed() < TIMEOUT {
            thread::sleep(POLL_INTERVAL);
        }
        let ended = work.is_finished();
        // Dropping the site closes every connection, which ends the work.
        drop(edx);
        joined(work).map(|outcome| ended.then_some(outcome))
    })
}

fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> ItemResult<T> {
    let outcome = thread.join();
    outcome.map_err(|_| kit_error("a thread that called the driver panicked"))
}

const POLL_INTERVAL: Duration = Duration::from_millis(5);
