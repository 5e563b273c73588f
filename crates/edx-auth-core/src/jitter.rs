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
}
