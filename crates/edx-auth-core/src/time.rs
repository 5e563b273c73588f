//! Time, as the caller reads it from its two clocks.

use core::time::Duration;

/// Now, by two clocks: neither alone can be trusted with a token's age.
///
/// A monotonic clock may stand still while the machine sleeps; the wall clock may be set back. An
/// age is the larger of the two differences, so either of them alone ends a token early, and no
/// token is served past its life as long as one and the same clock counted all of it.
///
/// ```
/// use std::time::{Instant, SystemTime, UNIX_EPOCH};
/// use edx_auth_core::Moment;
///
/// let started = Instant::now(); // once, when the program begins
/// let now = Moment {
///     monotonic: started.elapsed(),
///     wall: SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default(),
/// };
/// # let _ = now;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "every caller builds one, and there are two clocks"
)]
pub struct Moment {
    /// Since any fixed instant, by a clock that never goes back and counts real seconds: not one
    /// of frames, of game time or of a test runtime that stands still.
    pub monotonic: Duration,
    /// Since the Unix epoch, by the clock that people set.
    pub wall: Duration,
}

impl Moment {
    /// How much time has passed since an earlier moment, by whichever clock counted more.
    #[inline]
    pub(crate) fn since(self, earlier: Self) -> Duration {
        let monotonic = self.monotonic.saturating_sub(earlier.monotonic);
        let wall = self.wall.saturating_sub(earlier.wall);
        monotonic.max(wall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(monotonic: u64, wall: u64) -> Moment {
        Moment {
            monotonic: Duration::from_secs(monotonic),
            wall: Duration::from_secs(wall),
        }
    }

    #[test]
    fn the_clock_that_counted_more_is_believed() {
        let then = moment(100, 1_000);

        assert_eq!(moment(160, 1_060).since(then).as_secs(), 60);
        assert_eq!(
            moment(101, 87_400).since(then).as_secs(),
            86_400,
            "a day asleep"
        );
        assert_eq!(moment(160, 0).since(then).as_secs(), 60, "set back");
        assert_eq!(moment(100, 0).since(then).as_secs(), 0);
    }
}
