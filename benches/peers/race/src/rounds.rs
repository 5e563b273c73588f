//! Rounds in turns, and their medians.

use std::hint::black_box;
use std::sync::Barrier;
use std::time::{Duration, Instant};

/// A contestant of a row: its name, and a function that does the work of the row once.
pub type Contestant<'a> = (&'static str, Box<dyn FnMut() + 'a>);

/// Returns, for each contestant, the median nanoseconds of one call over this many rounds in turns.
pub fn race(rounds: usize, contestants: &mut [Contestant<'_>]) -> Vec<(&'static str, f64)> {
    let calls: Vec<_> = contestants
        .iter_mut()
        .map(|(_, call)| enough(call))
        .collect();
    let mut times = vec![Vec::new(); contestants.len()];
    for _ in 0..rounds {
        for (((_, call), calls), times) in contestants.iter_mut().zip(&calls).zip(&mut times) {
            times.push(timed(*calls, call).as_nanos() as f64 / f64::from(*calls));
        }
    }
    let names = contestants.iter().map(|(name, _)| *name);
    names.zip(times.into_iter().map(median)).collect()
}

/// Returns the nanoseconds of one call if this many threads call at once: the time from the start of the
/// first thread to the end of the last, because threads may wait for a core, divided by one thread's calls.
pub fn at_once_each<T>(
    threads: usize,
    calls: u32,
    own: impl Fn() -> T + Sync,
    call: impl Fn(&mut T) + Sync,
) -> f64 {
    let start = Barrier::new(threads);
    let run = || {
        let mut own = own();
        start.wait();
        let began = Instant::now();
        (began, timed(calls, &mut || call(&mut own)))
    };
    let runs: Vec<_> = std::thread::scope(|scope| {
        let running: Vec<_> = (0..threads).map(|_| scope.spawn(run)).collect();
        let done = running.into_iter().map(|thread| thread.join());
        done.map(|run| run.expect("a thread")).collect()
    });
    let first = runs.iter().map(|(began, _)| *began).min();
    let last = runs.iter().map(|(began, took)| *began + *took).max();
    let all = first.zip(last).map(|(first, last)| last - first);
    all.unwrap_or_default().as_nanos() as f64 / f64::from(calls)
}

/// Returns the median.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Returns how many calls take about five milliseconds.
fn enough(call: &mut dyn FnMut()) -> u32 {
    let mut calls = 1;
    while timed(calls, call) < Duration::from_millis(5) && calls < 1 << 24 {
        calls *= 2;
    }
    calls
}

fn timed(calls: u32, call: &mut dyn FnMut()) -> Duration {
    let start = Instant::now();
    for _ in 0..calls {
        black_box(&mut *call)();
    }
    start.elapsed()
}
