//! How far apart renewals for rejected tokens have to be.

use core::hash::{Hash as _, Hasher};
use core::time::Duration;

use super::Numbers;

/// The distance that renewals for rejected tokens have to keep.
#[derive(Clone, Default)]
pub(super) struct Ladder {
    renewals: u32,
    last: Duration,
    heard: Duration,
}

impl Ladder {
    /// An API rejected a token.
    pub(super) fn hear(&mut self, numbers: &Numbers, now: Duration) {
        self.renewals = self.climbed(numbers, now);
        self.heard = now;
    }

    /// A token came because an API had rejected the one before.
    pub(super) fn climb(&mut self, numbers: &Numbers, now: Duration) {
        self.renewals = self.climbed(numbers, now) + 1;
        (self.last, self.heard) = (now, now);
    }

    /// Reports whether an election keeps its distance, which doubles up to the longest.
    pub(super) fn keeps_distance(&self, numbers: &Numbers, now: Duration) -> bool {
        let (first, longest) = numbers.rejections;
        let apart = match self.climbed(numbers, now) {
            0 => Duration::ZERO,
            climbed => (first * (1 << (climbed - 1).min(10))).min(longest),
        };
        now.saturating_sub(self.last) >= apart
    }

    fn climbed(&self, numbers: &Numbers, now: Duration) -> u32 {
        let calm = now.saturating_sub(self.heard);
        if calm >= numbers.calm {
            0
        } else {
            self.renewals
        }
    }

    /// Hashes everything that matters from now on, without absolute times.
    pub(super) fn project(&self, numbers: &Numbers, now: Duration, into: &mut impl Hasher) {
        let climbed = self.climbed(numbers, now);
        if climbed > 0 {
            let last = now.saturating_sub(self.last).min(numbers.rejections.1);
            (climbed.min(CLIMBED), last, now.saturating_sub(self.heard)).hash(into);
        }
    }
}

/// From here on the distance no longer grows.
const CLIMBED: u32 = 11;
