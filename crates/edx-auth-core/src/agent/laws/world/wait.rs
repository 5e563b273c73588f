//! A wait that ends when one of the clocks says so.

use core::time::Duration;

use crate::time::Moment;

/// A wait, from the moment when it began.
#[derive(Clone, Copy, Default)]
pub(super) struct Wait {
    since: Moment,
    lasting: Duration,
}

impl Wait {
    pub(super) fn new(lasting: Duration, since: Moment) -> Self {
        Self { since, lasting }
    }

    pub(super) fn left(&self, now: Moment) -> Duration {
        let monotonic = now.monotonic.saturating_sub(self.since.monotonic);
        let wall = now.wall.saturating_sub(self.since.wall);
        self.lasting.saturating_sub(monotonic.max(wall))
    }

    pub(super) fn has_ended(&self, now: Moment) -> bool {
        self.left(now).is_zero()
    }
}
