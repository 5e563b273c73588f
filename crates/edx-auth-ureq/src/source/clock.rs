//! The two clocks of a program.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use edx_auth_core::Moment;

/// Reads both clocks; counts the monotonic one from its own making.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    origin: Instant,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self {
            origin: Instant::now(),
        }
    }

    pub(super) fn now(self) -> Moment {
        Moment {
            monotonic: self.origin.elapsed(),
            wall: wall(),
        }
    }
}

/// A wall clock before 1970 has not been set yet, and counts as 1970.
fn wall() -> Duration {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH);
    since_epoch.unwrap_or_default()
}
