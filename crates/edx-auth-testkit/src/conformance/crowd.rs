//! Many callers at one moment, and one who is watched.

use std::sync::Barrier;
use std::thread::{self, ScopedJoinHandle};
use std::time::{Duration, Instant};

use super::seen::Seen;
use super::stage::{PATIENCE, in_the_kit};
use crate::MockEdx;

/// What so many threads get who all begin at one moment.
pub(super) fn crowd<T: Send>(size: usize, deed: impl Fn() -> T + Sync) -> Seen<Vec<T>> {
    let start = Barrier::new(size);
    let begin = || {
        start.wait();
        deed()
    };
    thread::scope(|scope| {
        let crowd: Vec<_> = (0..size).map(|_| scope.spawn(begin)).collect();
        crowd.into_iter().map(joined).collect()
    })
}

/// What the work gives, if it ends while the site stands: that is until there is enough of it, or it
/// has lasted far too long.
pub(super) fn while_standing<T: Send>(
    edx: MockEdx,
    is_enough: impl Fn() -> bool,
    work: impl FnOnce() -> T + Send,
) -> Seen<Option<T>> {
    let started = Instant::now();
    thread::scope(|scope| {
        let work = scope.spawn(work);
        while !work.is_finished() && !is_enough() && started.elapsed() < PATIENCE {
            thread::sleep(BREATH);
        }
        let ended = work.is_finished();
        // It closes every connection, so that no work lasts for ever.
        drop(edx);
        joined(work).map(|outcome| ended.then_some(outcome))
    })
}

fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> Seen<T> {
    let outcome = thread.join();
    outcome.map_err(|_| in_the_kit("a thread that called the driver panicked"))
}

const BREATH: Duration = Duration::from_millis(5);
