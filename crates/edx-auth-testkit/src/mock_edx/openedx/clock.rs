use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The difference between the server's clock and the machine's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClockOffset {
    /// The server's clock is ahead.
    Ahead(Duration),
    /// The server's clock is behind, but never before the Unix epoch.
    Behind(Duration),
}

impl ClockOffset {
    /// The server's clock is right.
    pub const NONE: Self = Self::Ahead(Duration::ZERO);

    fn apply(self, since_epoch: Duration) -> Duration {
        match self {
            Self::Ahead(by) => since_epoch.saturating_add(by),
            Self::Behind(by) => since_epoch.saturating_sub(by),
        }
    }
}

/// The wall clock of the server.
#[derive(Debug)]
pub(crate) struct Clock {
    offset: Mutex<ClockOffset>,
}

impl Clock {
    pub(crate) fn set_offset(&self, offset: ClockOffset) {
        *self.offset.lock().unwrap_or_else(PoisonError::into_inner) = offset;
    }

    /// Returns the time since the Unix epoch.
    pub(crate) fn now(&self) -> Duration {
        let offset = *self.offset.lock().unwrap_or_else(PoisonError::into_inner);
        let since_epoch = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        offset.apply(since_epoch)
    }

    /// Returns the whole seconds since the Unix epoch, rounded down like the `iat` of a token.
    pub(crate) fn unix_seconds(&self) -> u64 {
        self.now().as_secs()
    }
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            offset: Mutex::new(ClockOffset::NONE),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{ClockOffset, Duration};

    #[test]
    fn an_offset_moves_the_clock_either_way_and_stops_at_the_epoch() {
        let at = Duration::from_secs(100);

        assert_eq!(ClockOffset::NONE.apply(at), at);
        assert_eq!(
            ClockOffset::Ahead(Duration::from_secs(7)).apply(at),
            Duration::from_secs(107)
        );
        assert_eq!(
            ClockOffset::Behind(Duration::from_secs(7)).apply(at),
            Duration::from_secs(93)
        );
        assert_eq!(
            ClockOffset::Behind(Duration::from_secs(101)).apply(at),
            Duration::ZERO
        );
        assert_eq!(ClockOffset::Ahead(Duration::MAX).apply(at), Duration::MAX);
    }
}
