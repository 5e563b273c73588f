//! The values at which arithmetic with times goes wrong, for tests that take every combination of them.

use core::time::Duration;

use crate::jitter::Jitter;
use crate::time::{Moment, YEAR};

/// Durations around zero, the units that are rounded to, the longest wait and lifetime, and the largest
/// number of each type. Each is longer than the one before.
pub(crate) const DURATIONS: [Duration; 15] = [
    Duration::ZERO,
    Duration::from_nanos(1),
    Duration::from_nanos(999_999),
    Duration::from_millis(1),
    Duration::from_nanos(999_999_999),
    Duration::from_secs(1),
    Duration::from_nanos(3_599_999_999_999),
    Duration::from_secs(3600),
    Duration::from_millis(3_600_001),
    YEAR,
    Duration::new(31_536_000, 1),
    Duration::from_millis(u64::MAX),
    Duration::from_millis(u64::MAX).saturating_add(Duration::from_nanos(1)),
    Duration::from_secs(u64::MAX),
    Duration::MAX,
];

/// Random parts of a duration, from none to all of it, each larger than the one before.
pub(crate) const JITTERS: [Jitter; 6] = [
    Jitter::NONE,
    Jitter::from_bits(1),
    Jitter::from_bits(u32::MAX / 2),
    Jitter::from_bits(1 << 31),
    Jitter::from_bits(u32::MAX - 1),
    Jitter::FULL,
];

/// How often something happened: around the number of bits, at which doubling overflows.
pub(crate) const COUNTS: [u32; 12] = [0, 1, 2, 31, 32, 33, 62, 63, 64, 65, u32::MAX - 1, u32::MAX];

/// Returns every reading of two clocks at these times: also such that a clock seems to be set back from one
/// to another.
pub(crate) fn moments() -> impl Iterator<Item = Moment> + Clone {
    let moments = DURATIONS.into_iter().flat_map(|monotonic| {
        let wall = DURATIONS.into_iter();
        wall.map(move |wall| Moment { monotonic, wall })
    });
    moments.step_by(STRIDE)
}

/// Returns each moment with the next one on either clock.
pub(crate) fn steps() -> impl Iterator<Item = (Moment, Moment)> + Clone {
    let steps = || DURATIONS.into_iter().zip(DURATIONS.into_iter().skip(1));
    let steps = DURATIONS.into_iter().flat_map(move |other| {
        steps().flat_map(move |(early, late)| {
            let monotonic = [early, late].map(|monotonic| Moment {
                monotonic,
                wall: other,
            });
            let wall = [early, late].map(|wall| Moment {
                monotonic: other,
                wall,
            });
            [monotonic, wall].map(|[early, late]| (early, late))
        })
    });
    steps.step_by(STRIDE)
}

/// Miri takes hours for them all.
const STRIDE: usize = if cfg!(miri) { 31 } else { 1 };

#[test]
fn each_boundary_is_larger_than_the_one_before() {
    assert!(DURATIONS.is_sorted_by(|one, other| one < other));
    assert!(COUNTS.is_sorted_by(|one, other| one < other));
}
