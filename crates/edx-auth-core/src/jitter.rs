//! Jitter: a random part of a duration, drawn by the caller.

use core::time::Duration;

/// A random part of a duration, from none to all of it.
///
/// It keeps many instances of a program from renewing at the same instant. Draw a new one for every
/// call that takes one. [`NONE`](Self::NONE) and [`FULL`](Self::FULL) are for tests.
///
/// ```
/// use edx_auth_core::Jitter;
///
/// let random_bits = 0x9e37_79b9; // from a random number generator
/// let jitter = Jitter::from_bits(random_bits);
/// # let _ = jitter;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jitter(u32);

impl Jitter {
    /// No jitter: everything happens at the earliest time.
    pub const NONE: Self = Self(0);
    /// Full jitter: everything happens at the latest time.
    pub const FULL: Self = Self(u32::MAX);

    /// Creates a jitter from random bits, uniformly distributed.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// Returns this part of a duration, in whole milliseconds.
    pub(crate) fn of(self, duration: Duration) -> Duration {
        let share = duration.as_millis() * u128::from(self.0) / u128::from(u32::MAX);
        Duration::from_millis(u64::try_from(share).unwrap_or(u64::MAX))
    }

    /// Returns a wait that is longer by up to a quarter, so that callers that wait do not all return at
    /// once.
    pub(crate) fn lengthen(self, wait: Duration) -> Duration {
        wait.saturating_add(self.of(wait / 4))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundaries::{DURATIONS, JITTERS};

    #[test]
    fn none_half_and_all() {
        let duration = Duration::from_secs(200);

        assert_eq!(Jitter::NONE.of(duration), Duration::ZERO);
        assert_eq!(
            Jitter::from_bits(u32::MAX / 2).of(duration),
            Duration::from_millis(99_999)
        );
        assert_eq!(Jitter::FULL.of(duration), duration);
        assert_eq!(Jitter::FULL.of(Duration::ZERO), Duration::ZERO);
    }

    #[test]
    fn a_wait_grows_by_a_quarter_at_most() {
        let wait = Duration::from_secs(8);

        assert_eq!(Jitter::NONE.lengthen(wait), wait);
        assert_eq!(Jitter::FULL.lengthen(wait), Duration::from_secs(10));
        assert_eq!(Jitter::FULL.lengthen(Duration::MAX), Duration::MAX);
    }

    #[test]
    fn a_part_is_never_longer_than_the_whole() {
        for (duration, jitter) in all() {
            assert!(
                jitter.of(duration) <= duration,
                "{jitter:?} of {duration:?}"
            );
        }
    }

    #[test]
    fn all_of_a_duration_is_it_in_whole_milliseconds() {
        for duration in DURATIONS {
            let millis = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);

            assert_eq!(Jitter::NONE.of(duration), Duration::ZERO);
            assert_eq!(Jitter::FULL.of(duration), Duration::from_millis(millis));
        }
    }

    #[test]
    fn a_larger_part_or_a_longer_duration_is_no_shorter() {
        for (duration, jitter) in all() {
            for (longer, larger) in
                all().filter(|(longer, larger)| *longer >= duration && larger.0 >= jitter.0)
            {
                assert!(larger.of(longer) >= jitter.of(duration));
                assert!(larger.lengthen(longer) >= jitter.lengthen(duration));
            }
        }
    }

    #[test]
    fn every_wait_keeps_its_length_and_gets_at_most_a_quarter_more() {
        for (wait, jitter) in all() {
            let longer = jitter.lengthen(wait);

            assert!(longer >= wait, "{jitter:?}: {longer:?}");
            assert!(
                longer <= wait.saturating_add(wait / 4),
                "{jitter:?}: {longer:?}"
            );
        }
    }

    fn all() -> impl Iterator<Item = (Duration, Jitter)> {
        let durations = DURATIONS.into_iter();
        durations.flat_map(|duration| JITTERS.into_iter().map(move |jitter| (duration, jitter)))
    }
}
