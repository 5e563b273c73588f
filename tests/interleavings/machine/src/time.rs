//! Clocks that show what the scenario's time is.

mod hand;
mod timeline;

pub use std::time::*;

pub use hand::passes;
pub(crate) use timeline::Timer;
pub use timeline::{begin, pass};

use timeline::now;

/// Both clocks stand still while the scenario says nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(Duration);

impl Instant {
    #[must_use]
    pub fn now() -> Self {
        Self(now())
    }

    #[must_use]
    pub fn elapsed(&self) -> Duration {
        now() - self.0
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SystemTime(Duration);

pub const UNIX_EPOCH: SystemTime = SystemTime(Duration::ZERO);

impl SystemTime {
    #[must_use]
    pub fn now() -> Self {
        Self(A_DAY_IN_2026 + now())
    }

    /// # Errors
    /// Where the other one is later.
    pub fn duration_since(&self, earlier: Self) -> Result<Duration, Duration> {
        self.0
            .checked_sub(earlier.0)
            .ok_or_else(|| earlier.0 - self.0)
    }
}

const A_DAY_IN_2026: Duration = Duration::from_secs(1_790_000_000);
