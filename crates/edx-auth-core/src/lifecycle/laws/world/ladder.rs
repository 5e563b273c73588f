//! How far apart renewals for refused tokens have to be.

use core::time::Duration;

/// The distance that renewals for refused tokens have to keep, by the book.
#[derive(Default)]
pub(super) struct Ladder {
    renewals: u32,
    last: Duration,
    heard: Duration,
}

impl Ladder {
    pub(super) fn hear(&mut self, now: Duration) {
        self.renewals = self.climbed(now);
        self.heard = now;
    }

    pub(super) fn climb(&mut self, now: Duration) {
        self.renewals = self.climbed(now) + 1;
        (self.last, self.heard) = (now, now);
    }

    /// Whether an election keeps its distance: 10, 20, 40 s and so on, up to ten minutes.
    pub(super) fn keeps_distance(&self, now: Duration) -> bool {
        let apart = match self.climbed(now) {
            0 => 0,
            climbed => (10 << (climbed - 1).min(10)).min(600),
        };
        now.saturating_sub(self.last) >= Duration::from_secs(apart)
    }

    fn climbed(&self, now: Duration) -> u32 {
        let calm = now.saturating_sub(self.heard);
        if calm >= Duration::from_secs(20 * 60) {
            0
        } else {
            self.renewals
        }
    }
}
