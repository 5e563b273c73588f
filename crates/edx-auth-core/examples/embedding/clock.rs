//! What the core asks of its host besides HTTP: two clocks, and chance.

use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use edx_auth_core::{Jitter, Moment};

/// Both clocks of a program.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    started: Instant,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self {
            started: Instant::now(),
        }
    }

    /// A wall clock before 1970 has not been set yet, and counts as 1970.
    pub(crate) fn now(self) -> Moment {
        let wall = SystemTime::now().duration_since(UNIX_EPOCH);
        Moment {
            monotonic: self.started.elapsed(),
            wall: wall.unwrap_or_default(),
        }
    }
}

/// Any random number generator does: this one is in the standard library, and guards no secret.
pub(crate) fn chance() -> Jitter {
    let bits = RandomState::new().build_hasher().finish();
    Jitter::from_bits(u32::try_from(bits >> 32).unwrap_or_default())
}
