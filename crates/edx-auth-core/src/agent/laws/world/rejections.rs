//! The backoff between renewals for rejected tokens.

use core::hash::{Hash as _, Hasher};
use core::time::Duration;

use super::Numbers;
use crate::time::Moment;

/// Counts renewals for rejected tokens.
#[derive(Clone, Default)]
pub(super) struct RejectionBackoff {
    renewals: u32,
    /// When a rejected token was last replaced.
    last: Moment,
    /// When a token was last rejected, or a rejected one replaced.
    recorded: Moment,
}

impl RejectionBackoff {
    /// Records that an API rejected a token.
    pub(super) fn record_rejection(&mut self, numbers: &Numbers, now: Moment) {
        self.renewals = self.in_a_row(numbers, now);
        self.recorded = now;
    }

    /// Records a token that was issued because an API had rejected the one before.
    pub(super) fn record_renewal(&mut self, numbers: &Numbers, now: Moment) {
        self.renewals = self.in_a_row(numbers, now) + 1;
        (self.last, self.recorded) = (now, now);
    }

    /// Reports whether an election now is far enough from the last renewal for a rejected token. That
    /// distance doubles from renewal to renewal, up to the longest.
    pub(super) fn keeps_distance(&self, numbers: &Numbers, now: Moment) -> bool {
        let (first, longest) = numbers.rejections;
        let apart = match self.in_a_row(numbers, now) {
            0 => Duration::ZERO,
            in_a_row => (first * (1 << (in_a_row - 1).min(10))).min(longest),
        };
        passed(self.last, now) >= apart
    }

    fn in_a_row(&self, numbers: &Numbers, now: Moment) -> u32 {
        let calm = passed(self.recorded, now);
        if calm >= numbers.calm {
            0
        } else {
            self.renewals
        }
    }

    /// Hashes everything that matters from now on, without absolute times.
    pub(super) fn project(&self, numbers: &Numbers, now: Moment, into: &mut impl Hasher) {
        let in_a_row = self.in_a_row(numbers, now);
        if in_a_row > 0 {
            let last = passed(self.last, now).min(numbers.rejections.1);
            (in_a_row.min(MOST), last, passed(self.recorded, now)).hash(into);
        }
    }
}

/// Returns the time since then, by the clock that counted more.
fn passed(since: Moment, now: Moment) -> Duration {
    let monotonic = now.monotonic.saturating_sub(since.monotonic);
    monotonic.max(now.wall.saturating_sub(since.wall))
}

/// The count from which on the backoff no longer grows.
const MOST: u32 = 11;
