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
