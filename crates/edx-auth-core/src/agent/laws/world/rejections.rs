//! The backoff between renewals for rejected tokens.

use core::hash::{Hash as _, Hasher};
use core::time::Duration;

use super::Numbers;

/// Counts renewals for rejected tokens.
#[derive(Clone, Default)]
pub(super) struct RejectionBackoff {
    renewals: u32,
    /// When a rejected token was last replaced.
    last: Duration,
    /// When a token was last rejected, or a rejected one replaced.
    recorded: Duration,
}

impl RejectionBackoff {
    /// Records that an API rejected a token.
    pub(super) fn record_rejection(&mut self, numbers: &Numbers, now: Duration) {
        self.renewals = self.in_a_row(numbers, now);
        self.recorded = now;
    }

    /// Records a token that was issued because an API had rejected the one before.
    pub(super) fn record_renewal(&mut self, numbers: &Numbers, now: Duration) {
        self.renewals = self.in_a_row(numbers, now) + 1;
        (self.last, self.recorded) = (now, now);
    }

    /// Reports whether an election now is far enough from the last renewal for a rejected token. That
    /// distance doubles from renewal to renewal, up to the longest.
    pub(super) fn keeps_distance(&self, numbers: &Numbers, now: Duration) -> bool {
        let (first, longest) = numbers.rejections;
        let apart = match self.in_a_row(numbers, now) {
            0 => Duration::ZERO,
            in_a_row => (first * (1 << (in_a_row - 1).min(10))).min(longest),
        };
        now.saturating_sub(self.last) >= apart
    }

    fn in_a_row(&self, numbers: &Numbers, now: Duration) -> u32 {
        let calm = now.saturating_sub(self.recorded);
        if calm >= numbers.calm {
            0
        } else {
            self.renewals
        }
    }

    /// Hashes everything that matters from now on, without absolute times.
    pub(super) fn project(&self, numbers: &Numbers, now: Duration, into: &mut impl Hasher) {
        let in_a_row = self.in_a_row(numbers, now);
        if in_a_row > 0 {
            let last = now.saturating_sub(self.last).min(numbers.rejections.1);
            (in_a_row.min(MOST), last, now.saturating_sub(self.recorded)).hash(into);
        }
    }
}

/// The count from which on the backoff no longer grows.
const MOST: u32 = 11;
