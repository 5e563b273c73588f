//! How long one caller waits for a token.

use core::time::Duration;

use super::error::{RenewalError, TokenError};
use crate::time::Moment;

/// How long one caller waits for a token at most, counted from the moment when it began to wait.
///
/// The caller joins an attempt that is in flight and waits out a backoff that ends in time. A
/// backoff that lasts longer, and a permanent denial, end the wait at once.
///
/// ```
/// use core::time::Duration;
/// use edx_auth_core::{Moment, WaitBudget};
///
/// let now = Moment::default(); // from your clocks
/// let budget = WaitBudget::new(Duration::from_secs(5), now);
/// assert_eq!(budget.left(now), Duration::from_secs(5));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WaitBudget {
    until: Duration,
}

impl WaitBudget {
    /// Creates a budget of this length that starts now.
    #[must_use]
    pub fn new(timeout: Duration, now: Moment) -> Self {
        Self {
            until: now.monotonic.saturating_add(timeout),
        }
    }

    /// Returns the time left.
    #[must_use]
    pub fn left(&self, now: Moment) -> Duration {
        self.until.saturating_sub(now.monotonic)
    }

    /// Returns how long to wait for an attempt whose lease lasts this long. If the caller's time has run
    /// out, returns an error with this `error` of the last attempt.
    pub(crate) fn join(
        &self,
        lease: Duration,
        error: Option<RenewalError>,
        now: Moment,
    ) -> Result<Duration, TokenError> {
        match self.left(now) {
            Duration::ZERO => Err(TokenError::timed_out(error)),
            left => Ok(left.min(lease)),
        }
    }

    /// Returns how long to wait for the end of a backoff. If that does not end in the caller's time, or if
    /// its cause is permanent, returns this `error`.
    pub(crate) fn back_off(
        &self,
        wait: Duration,
        error: RenewalError,
        now: Moment,
    ) -> Result<Duration, TokenError> {
        if wait > self.left(now) || !error.is_retryable() {
            Err(TokenError::backing_off(error, wait))
        } else {
            Ok(wait)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundaries::{DURATIONS, moments};

    const MILLI: Duration = Duration::from_millis(1);
    const TIMEOUT: Duration = Duration::from_secs(25);

    fn after(passed: Duration) -> Moment {
        Moment {
            monotonic: Duration::from_secs(100) + passed,
            wall: Duration::ZERO,
        }
    }

    fn budget() -> WaitBudget {
        WaitBudget::new(TIMEOUT, after(Duration::ZERO))
    }

    #[test]
    fn an_attempt_is_joined_until_the_budget_is_spent() {
        let join = |lease, passed| {
            let joined = budget().join(lease, Some(RenewalError::Abandoned), after(passed));
            joined.ok()
        };

        assert_eq!(join(MILLI, MILLI), Some(MILLI));
        assert_eq!(join(TIMEOUT * 2, Duration::ZERO), Some(TIMEOUT));
        assert_eq!(
            join(TIMEOUT * 2, TIMEOUT.saturating_sub(MILLI)),
            Some(MILLI)
        );
        assert_eq!(join(TIMEOUT * 2, TIMEOUT), None);

        let error = budget().join(MILLI, Some(RenewalError::Abandoned), after(TIMEOUT));
        let error = error.unwrap_err();
        assert!(matches!(
            error.renewal_error(),
            Some(RenewalError::Abandoned)
        ));
        assert_eq!(error.retry_after(), None);
    }

    #[test]
    fn a_backoff_is_waited_out_if_it_ends_in_time() {
        let wait = |wait| budget().back_off(wait, RenewalError::Abandoned, after(Duration::ZERO));

        for within in [MILLI, TIMEOUT.saturating_sub(MILLI), TIMEOUT] {
            assert_eq!(wait(within).ok(), Some(within));
        }
        let error = wait(TIMEOUT + MILLI).unwrap_err();
        assert_eq!(error.retry_after(), Some(TIMEOUT + MILLI));
        assert!(error.is_retryable());
    }

    #[test]
    fn a_permanent_denial_is_not_waited_out() {
        let error = budget().back_off(MILLI, RenewalError::Fixed, after(Duration::ZERO));
        let error = error.unwrap_err();

        assert!(!error.is_retryable());
        assert_eq!(error.retry_after(), Some(MILLI));
    }

    #[test]
    fn a_budget_has_its_length_at_first_as_far_as_the_clock_counts() {
        for (timeout, start) in budgets() {
            let rest_of_the_clock = Duration::MAX.saturating_sub(start.monotonic);

            let left = WaitBudget::new(timeout, start).left(start);

            assert_eq!(left, timeout.min(rest_of_the_clock), "{start:?}");
        }
    }

    #[test]
    fn a_budget_shrinks_as_the_monotonic_clock_advances() {
        for (timeout, start) in budgets() {
            let budget = WaitBudget::new(timeout, start);
            let left = DURATIONS.map(|monotonic| budget.left(Moment { monotonic, ..start }));

            assert!(left.is_sorted_by(|early, late| late <= early), "{budget:?}");
        }
    }

    #[test]
    fn every_wait_ends_within_the_budget() {
        for (timeout, start) in budgets() {
            let budget = WaitBudget::new(timeout, start);
            for (now, length) in moments().zip(DURATIONS.into_iter().cycle()) {
                let left = budget.left(now);
                let joined = budget.join(length, None, now).ok();
                let backed_off = budget.back_off(length, RenewalError::Abandoned, now).ok();

                let is_left = !left.is_zero();
                assert_eq!(joined, is_left.then_some(length.min(left)), "{now:?}");
                assert_eq!(backed_off, (length <= left).then_some(length), "{now:?}");
            }
        }
    }

    fn budgets() -> impl Iterator<Item = (Duration, Moment)> {
        let timeouts = DURATIONS.into_iter();
        timeouts.flat_map(|timeout| moments().map(move |start| (timeout, start)))
    }
}
