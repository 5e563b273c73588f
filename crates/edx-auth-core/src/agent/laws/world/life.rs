//! The age of a token: what it really is, and what the clocks count.

use core::time::Duration;

use crate::time::Moment;

/// The life of a token: its age at one time, by the real time and the clocks, and how long it lasts.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Life {
    pub(super) since: (Duration, Moment),
    pub(super) age_then: Duration,
    pub(super) seconds: u64,
}

impl Life {
    /// Returns a life that begins now.
    pub(super) fn born_at(real: Duration, now: Moment) -> Self {
        Self {
            since: (real, now),
            ..Self::default()
        }
    }

    /// Reports whether the token has expired and one clock alone counted its whole lifetime.
    pub(super) fn is_surely_over(&self, real: Duration, now: Moment) -> bool {
        let passed = real.saturating_sub(self.since.0);
        let has_ended = self.age_then + passed >= Duration::from_secs(self.seconds);
        has_ended && self.counted(now) >= passed
    }

    /// Reports whether the token has expired by the clock that counted more.
    pub(super) fn is_counted_out(&self, now: Moment) -> bool {
        self.age_then + self.counted(now) >= Duration::from_secs(self.seconds)
    }

    fn counted(&self, now: Moment) -> Duration {
        let then = self.since.1;
        let monotonic = now.monotonic.saturating_sub(then.monotonic);
        monotonic.max(now.wall.saturating_sub(then.wall))
    }
}
