//! A reading of the caller's two clocks.

use core::time::Duration;

/// A reading of a monotonic clock and of the wall clock.
///
/// Neither clock is enough to compute a token's age: a monotonic clock may stop while the machine
/// sleeps, and the wall clock may be set back. The age is the larger of the two differences. A
/// token may therefore be renewed early, but it is never used after it expired if one of the two
/// clocks counted its whole lifetime.
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
    /// The time since any fixed instant, by a clock that never goes back and counts real seconds.
    /// A clock that stops while the machine sleeps will do. Do not use one that a program can pause, such
    /// as a test runtime's.
    pub monotonic: Duration,
    /// The time since the Unix epoch, by the wall clock.
    pub wall: Duration,
}

impl Moment {
    /// Returns the time since an earlier moment, by the clock that counted more.
    #[inline]
    pub(crate) fn since(self, earlier: Self) -> Duration {
        let monotonic = self.monotonic.saturating_sub(earlier.monotonic);
        let wall = self.wall.saturating_sub(earlier.wall);
        monotonic.max(wall)
    }
}

/// A wait that ends as soon as one of the clocks says so: a machine that slept has waited, and a clock that
/// was set forward costs one early request.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Pause {
    since: Moment,
    lasting: Duration,
}

impl Pause {
    /// Begins a wait of this length.
    pub(crate) fn new(lasting: Duration, now: Moment) -> Self {
        Self {
            since: now,
            lasting,
        }
    }

    /// Returns how much of it is left.
    pub(crate) fn left(self, now: Moment) -> Duration {
        self.lasting.saturating_sub(now.since(self.since))
    }
}

/// The longest time of a token or of a setting.
pub(crate) const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundaries::{DURATIONS, moments, steps};

    fn moment(monotonic: u64, wall: u64) -> Moment {
        Moment {
            monotonic: Duration::from_secs(monotonic),
            wall: Duration::from_secs(wall),
        }
    }

    #[test]
    fn the_clock_that_advanced_more_counts() {
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

    #[test]
    fn an_age_is_the_larger_difference_and_zero_for_a_clock_that_was_set_back() {
        for (then, now) in moments().flat_map(|then| moments().map(move |now| (then, now))) {
            let (monotonic, wall) = (now.monotonic, now.wall);
            let of_each = [(monotonic, then.monotonic), (wall, then.wall)]
                .map(|(now, then)| now.checked_sub(then).unwrap_or_default());

            assert_eq!(Some(now.since(then)), of_each.into_iter().max());
        }
    }

    #[test]
    fn no_token_grows_younger_as_a_clock_advances() {
        for then in moments() {
            for (early, late) in steps() {
                assert!(early.since(then) <= late.since(then), "{then:?}, {late:?}");
            }
        }
    }

    #[test]
    fn a_pause_has_its_length_at_first_and_never_more() {
        for (since, lasting) in pauses() {
            let pause = Pause::new(lasting, since);

            assert_eq!(pause.left(since), lasting);
            for (early, late) in steps() {
                assert!(pause.left(early) <= lasting, "{pause:?}");
                assert!(pause.left(late) <= pause.left(early), "{pause:?}, {late:?}");
            }
        }
    }

    #[test]
    fn a_pause_ends_as_soon_as_one_clock_has_counted_it() {
        for (since, lasting) in pauses() {
            let pause = Pause::new(lasting, since);
            for now in moments() {
                let has_counted = [(now.monotonic, since.monotonic), (now.wall, since.wall)]
                    .into_iter()
                    .any(|(now, since)| since.checked_add(lasting).is_some_and(|end| now >= end));

                assert_eq!(pause.left(now).is_zero(), has_counted || lasting.is_zero());
            }
        }
    }

    fn pauses() -> impl Iterator<Item = (Moment, Duration)> {
        moments().flat_map(|since| DURATIONS.into_iter().map(move |lasting| (since, lasting)))
    }
}
