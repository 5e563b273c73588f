//! How much memory is allocated, and how that grows from fault to fault.

use std::alloc::System;
use std::fmt;
use std::thread;
use std::time::Duration;

use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// The bytes that were allocated after each round.
#[derive(Default)]
pub(crate) struct Memory {
    points: Vec<(f64, f64)>,
}

impl Memory {
    /// Measures the memory after this number of faults.
    pub(crate) fn measure(&mut self, faults: usize) {
        self.points
            .push((number(faults), number(least_allocated())));
    }

    /// Returns the slope of the line with the least squares, in bytes for each fault; `None` without enough
    /// rounds.
    pub(crate) fn slope(&self) -> Option<f64> {
        let points = &self.points;
        if points.len() < FEWEST {
            return None;
        }
        let mean =
            |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / number(points.len());
        let (faults, bytes) = (mean(|point| point.0), mean(|point| point.1));
        let product = |(x, y): &(f64, f64)| (x - faults) * (y - bytes);
        let square = |(x, _): &(f64, f64)| (x - faults).powi(2);
        Some(points.iter().map(product).sum::<f64>() / points.iter().map(square).sum::<f64>())
    }
}

impl fmt::Display for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = || self.points.iter().map(|point| point.1);
        let (least, most) = (
            bytes().fold(f64::MAX, f64::min),
            bytes().fold(0.0, f64::max),
        );
        match self.slope() {
            Some(slope) => write!(
                f,
                "{least} to {most} bytes allocated, {slope:+.1} bytes for each fault"
            ),
            None => f.write_str("too few rounds for a slope of the memory"),
        }
    }
}

/// Returns the least that is allocated while threads end that had the last connections.
fn least_allocated() -> usize {
    let looks = (0..20).map(|_| {
        thread::sleep(Duration::from_millis(20));
        let stats = ALLOCATOR.stats();
        stats.bytes_allocated - stats.bytes_deallocated
    });
    looks.min().unwrap()
}

fn number(number: usize) -> f64 {
    f64::from(u32::try_from(number).unwrap())
}

/// How many rounds a line needs.
const FEWEST: usize = 5;
