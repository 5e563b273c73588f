//! The two clocks of a program, and its random numbers.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use edx_auth_core::{Jitter, Moment};

/// Reads both clocks. The monotonic one counts from the creation of this value.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Clock {
    start: Instant,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self::since(Instant::now())
    }

    pub(crate) fn since(start: Instant) -> Self {
        Self { start }
    }

    pub(crate) fn now(self) -> Moment {
        Moment {
            monotonic: self.start.elapsed(),
            wall: wall(),
        }
    }
}

/// Draws a random jitter.
pub(crate) fn jitter() -> Jitter {
    Jitter::from_bits(fastrand::u32(..))
}

/// Returns the time since 1970 by the wall clock. A clock before 1970 was never set, and counts as 1970.
fn wall() -> Duration {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    since_epoch.unwrap_or_default()
}
