//! Jitter: a random share of a wait, drawn by the caller.

use core::time::Duration;

/// A random share of a stretch of time, from nothing to all of it.
///
/// It keeps the programs of a fleet from renewing at the same instant. Draw a new one for every
/// call that takes one; [`NONE`](Self::NONE) and [`FULL`](Self::FULL) are for tests.
///
/// ```
/// use edx_auth_core::Jitter;
///
/// let random_bits = 0x9e37_79b9; // of a random number generator
/// let jitter = Jitter::from_bits(random_bits);
/// # let _ = jitter;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Jitter(u32);

impl Jitter {
    /// Nothing: everything happens at its earliest.
    pub const NONE: Self = Self(0);
    /// All of it: everything happens at its latest.
    pub const FULL: Self = Self(u32::MAX);

    /// The share that these random bits draw, each as likely as the next.
    #[must_use]
    pub const fn from_bits(bits: u32) -> Self {
        Self(bits)
    }

    /// This share of a stretch of time, in whole milliseconds.
    pub(crate) fn of(self, stretch: Duration) -> Duration {
        let share = stretch.as_millis() * u128::from(self.0) / u128::from(u32::MAX);
        Duration::from_millis(u64::try_from(share).unwrap_or(u64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_half_and_all() {
        let stretch = Duration::from_secs(200);

        assert_eq!(Jitter::NONE.of(stretch), Duration::ZERO);
        assert_eq!(
            Jitter::from_bits(u32::MAX / 2).of(stretch),
            Duration::from_millis(99_999)
        );
        assert_eq!(Jitter::FULL.of(stretch), stretch);
        assert_eq!(Jitter::FULL.of(Duration::ZERO), Duration::ZERO);
    }
}
