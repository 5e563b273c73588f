//! Retries: waits that grow, until a time limit.

use core::time::Duration;

use crate::jitter::Jitter;
use crate::lifecycle::{Backoff, WaitBudget};
use crate::time::Moment;

/// The retries of one API call or of one page of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Retries {
    timeout: Duration,
    since: Option<Moment>,
    failures: u32,
}

impl Retries {
    /// Allows retries for this long, from the first try on.
    pub(crate) const fn within(timeout: Duration) -> Self {
        Self {
            timeout,
            since: None,
            failures: 0,
        }
    }

    /// Changes the time limit, also while it counts.
    pub(crate) fn set_timeout(&mut self, timeout: Duration) {
        self.timeout = timeout;
    }

    /// Records a try. The time limit counts from the first one.
    pub(crate) fn record_try(&mut self, now: Moment) {
        self.since.get_or_insert(now);
    }

    /// Returns how long to wait after a failure: ever longer, and no shorter than `retry_after`, which
    /// the server asked for. `None` if that would outlast the time limit.
    pub(crate) fn record_failure(
        &mut self,
        retry_after: Option<Duration>,
        now: Moment,
        jitter: Jitter,
    ) -> Option<Duration> {
        let backoff = BACKOFF.after(self.failures);
        let wait = jitter.lengthen(backoff.max(retry_after.unwrap_or_default()));
        let limit = WaitBudget::new(self.timeout, self.since.unwrap_or(now));
        if wait > limit.left(now) {
            return None;
        }
        self.failures = self.failures.saturating_add(1);
        Some(wait)
    }
}

const BACKOFF: Backoff = Backoff::seconds(1, 32);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundaries::{COUNTS, DURATIONS, JITTERS};

    fn at(monotonic: Duration) -> Moment {
        let wall = Duration::ZERO;
        Moment { monotonic, wall }
    }

    /// Calls this with every time limit, first try, number of failures and moment of the next failure.
    fn for_each(mut check: impl FnMut(Retries, Moment)) {
        for timeout in DURATIONS {
            for (since, now) in DURATIONS
                .into_iter()
                .flat_map(|since| DURATIONS.map(|now| (since, now)))
            {
                for failures in COUNTS {
                    let since = Some(at(since));
                    check(
                        Retries {
                            timeout,
                            since,
                            failures,
                        },
                        at(now),
                    );
                }
            }
        }
    }

    #[test]
    fn every_wait_before_a_retry_is_as_long_as_the_server_asked_and_ends_in_time() {
        for_each(|retries, now| {
            let since = retries.since.unwrap().monotonic;
            let end = since.saturating_add(retries.timeout);
            for (asked, jitter) in DURATIONS.into_iter().zip(JITTERS.into_iter().cycle()) {
                let mut retries = retries;
                let wait = retries.record_failure(Some(asked), now, jitter);
                if let Some(wait) = wait {
                    assert!(wait >= asked.max(Duration::from_secs(1)), "{wait:?}");
                    assert!(now.monotonic.checked_add(wait).unwrap() <= end, "{wait:?}");
                }
            }
        });
    }

    #[test]
    fn a_wait_that_fits_into_the_time_limit_is_always_granted() {
        for_each(|mut retries, now| {
            let left = WaitBudget::new(retries.timeout, retries.since.unwrap()).left(now);

            let wait = retries.record_failure(None, now, Jitter::FULL);

            let longest = Duration::from_secs(40);
            assert!(wait.is_some() || left < longest, "{retries:?} at {now:?}");
            assert!(wait.is_none_or(|wait| wait <= longest), "{wait:?}");
        });
    }
}
