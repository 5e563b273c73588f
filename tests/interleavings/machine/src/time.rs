//! Clocks that show the scenario's time.

mod hand;
mod timeline;

pub use std::time::*;

pub use hand::passes;
pub use timeline::advance;
pub(crate) use timeline::{Timer, reset};

use timeline::now;

/// The monotonic clock; like the wall clock it stands still until the scenario lets time pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(Duration);

impl Instant {
    #[must_use]
    pub fn now() -> Self {
        Self(now())
    }

    #[must_use]
    pub fn elapsed(&self) -> Duration {
        Self::now().duration_since(*self)
    }

    #[must_use]
    pub fn duration_since(&self, earlier: Self) -> Duration {
        self.0.saturating_sub(earlier.0)
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
    /// Returns an error if the other time is later.
    pub fn duration_since(&self, earlier: Self) -> Result<Duration, Duration> {
        self.0
            .checked_sub(earlier.0)
            .ok_or_else(|| earlier.0 - self.0)
    }
}

const A_DAY_IN_2026: Duration = Duration::from_secs(1_790_000_000);
