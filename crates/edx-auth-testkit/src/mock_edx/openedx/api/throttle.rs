use std::collections::{HashMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::error::ApiError;

/// A limit of requests per user in any minute, counted as Django REST framework's
/// `UserRateThrottle` does: a rejected request does not count.
#[derive(Debug)]
pub(crate) struct Throttle {
    per_minute: usize,
    histories: Mutex<HashMap<String, History>>,
}

/// The times of a user's accepted requests in the last minute, oldest first.
type History = VecDeque<Duration>;

impl Throttle {
    pub(crate) fn new(per_minute: u32) -> Self {
        Self {
            per_minute: per_minute.try_into().unwrap_or(usize::MAX),
            histories: Mutex::default(),
        }
    }

    /// Counts a request at `now`, the server's time. Above the limit, returns the seconds to wait.
    pub(crate) fn admit(&self, user: String, now: Duration) -> Result<(), ApiError> {
        let mut histories = self
            .histories
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let history = histories.entry(user).or_default();
        history.retain(|admitted| now.saturating_sub(*admitted) < MINUTE);
        if history.len() < self.per_minute {
            history.push_back(now);
            return Ok(());
        }
        Err(ApiError::Throttled {
            seconds: wait(history, now),
        })
    }
}

/// Returns the time until the oldest request is a minute ago, in seconds rounded up.
fn wait(history: &History, now: Duration) -> u64 {
    let oldest = history.front().copied().unwrap_or(now);
    let remaining = MINUTE.saturating_sub(now.saturating_sub(oldest));
    remaining.as_secs() + u64::from(remaining.subsec_nanos() > 0)
}

const MINUTE: Duration = Duration::from_secs(60);

#[cfg(test)]
mod tests {
    use super::{ApiError, Duration, MINUTE, Throttle};

    fn admit(throttle: &Throttle, milliseconds: u64) -> Result<(), ApiError> {
        throttle.admit("a".to_owned(), Duration::from_millis(milliseconds))
    }

    fn after(seconds: u64) -> Result<(), ApiError> {
        Err(ApiError::Throttled { seconds })
    }

    #[test]
    fn the_wait_ends_a_minute_after_the_oldest_request() {
        let throttle = Throttle::new(2);

        assert_eq!(admit(&throttle, 10_000), Ok(()));
        assert_eq!(admit(&throttle, 20_000), Ok(()));
        assert_eq!(admit(&throttle, 20_000), after(50));
        assert_eq!(admit(&throttle, 20_001), after(50));
        assert_eq!(admit(&throttle, 69_999), after(1));
        assert_eq!(admit(&throttle, 70_000), Ok(()));
        assert_eq!(admit(&throttle, 70_000), after(10));
    }

    #[test]
    fn a_rejected_request_does_not_count() {
        let throttle = Throttle::new(1);

        assert_eq!(admit(&throttle, 0), Ok(()));
        assert_eq!(admit(&throttle, 59_000), after(1));
        assert_eq!(admit(&throttle, 60_000), Ok(()));
    }

    #[test]
    fn users_are_counted_apart() {
        let throttle = Throttle::new(1);

        assert_eq!(admit(&throttle, 0), Ok(()));
        assert_eq!(throttle.admit("b".to_owned(), Duration::ZERO), Ok(()));
    }

    #[test]
    fn a_limit_of_zero_admits_no_request() {
        assert_eq!(admit(&Throttle::new(0), 5), after(60));
    }

    #[test]
    fn a_clock_set_back_causes_a_wait_of_at_most_a_minute() {
        let throttle = Throttle::new(1);

        assert_eq!(throttle.admit("a".to_owned(), 2 * MINUTE), Ok(()));
        assert_eq!(admit(&throttle, 0), after(60));
    }
}
