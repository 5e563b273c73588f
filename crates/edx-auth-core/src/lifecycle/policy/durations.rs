//! Durations in milliseconds, and backoffs that double.

use core::time::Duration;

use crate::time::YEAR;

/// A duration in whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::lifecycle) struct Millis(pub(super) u64);

/// A backoff that doubles from its first length to its longest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Backoff {
    first: Millis,
    longest: Millis,
}

impl Backoff {
    pub(super) const fn of(first: Duration, longest: Duration) -> Self {
        Self {
            first: Millis::of(first),
            longest: Millis::of(longest),
        }
    }

    pub(crate) const fn seconds(first: u64, longest: u64) -> Self {
        Self::millis(first * 1000, longest * 1000)
    }

    pub(super) const fn millis(first: u64, longest: u64) -> Self {
        Self {
            first: Millis(first),
            longest: Millis(longest),
        }
    }

    pub(super) const fn is_in_range(self) -> bool {
        self.first.is_in_range() && self.longest.is_in_range()
    }

    pub(super) const fn is_ordered(self) -> bool {
        self.first.0 <= self.longest.0
    }

    /// Returns the length after this many doublings.
    pub(crate) fn after(self, doublings: u32) -> Duration {
        let factor = 1_u64.checked_shl(doublings).unwrap_or(u64::MAX);
        Millis(self.first.0.saturating_mul(factor).min(self.longest.0)).duration()
    }
}

impl Millis {
    pub(super) const YEAR: u64 = YEAR.as_secs() * 1000;

    pub(super) const fn seconds(seconds: u64) -> Self {
        Self(seconds * 1000)
    }

    #[expect(
        clippy::cast_possible_truncation,
        reason = "longer durations were handled above"
    )]
    pub(super) const fn of(duration: Duration) -> Self {
        let millis = duration.as_millis();
        if millis > Self::YEAR as u128 {
            Self(u64::MAX)
        } else {
            Self(millis as u64)
        }
    }

    pub(super) const fn is_in_range(self) -> bool {
        self.0 >= 1 && self.0 <= Self::YEAR
    }

    pub(super) const fn duration(self) -> Duration {
        Duration::from_millis(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundaries::{COUNTS, DURATIONS};

    /// Returns every backoff that a policy may have, between two boundaries.
    fn backoffs() -> impl Iterator<Item = Backoff> {
        let all = DURATIONS.into_iter().flat_map(|first| {
            DURATIONS
                .into_iter()
                .map(move |longest| Backoff::of(first, longest))
        });
        all.filter(|backoff| backoff.is_in_range() && backoff.is_ordered())
    }

    #[test]
    fn a_backoff_starts_with_the_first_and_ends_with_the_longest() {
        for backoff in backoffs() {
            assert_eq!(backoff.after(0), backoff.first.duration());
            assert_eq!(backoff.after(u32::MAX), backoff.longest.duration());
        }
    }

    #[test]
    fn each_backoff_is_twice_the_one_before_or_the_longest() {
        for backoff in backoffs() {
            for doublings in COUNTS {
                let twice = backoff.after(doublings) * 2;
                let next = backoff.after(doublings.saturating_add(1));

                assert_eq!(next, twice.min(backoff.longest.duration()), "{doublings}");
            }
        }
    }

    #[test]
    fn a_duration_counts_in_whole_milliseconds_and_one_of_more_than_a_year_is_out_of_range() {
        for duration in DURATIONS {
            let millis = Millis::of(duration);
            let is_in_range = duration.as_millis() >= 1 && duration.as_millis() <= 31_536_000_000;

            assert_eq!(millis.is_in_range(), is_in_range, "{duration:?}");
            if is_in_range {
                assert_eq!(millis.duration().as_millis(), duration.as_millis());
            }
        }
    }
}
