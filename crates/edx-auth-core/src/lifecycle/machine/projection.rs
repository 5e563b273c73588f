//! The state of a lifecycle without absolute times, for tests that search all states.

use core::hash::{Hash as _, Hasher};

use super::{Attempt, Moment, RunningAttempt, TokenLifecycle};

impl TokenLifecycle {
    /// Hashes everything that matters from now on, without absolute times.
    pub(crate) fn project(&self, now: Moment, into: &mut impl Hasher) {
        self.held.is_some().hash(into);
        if let Some(held) = &self.held {
            held.project(now, into);
        }
        self.flight.project(now, into);
        let is_retryable = self
            .last_error
            .as_ref()
            .map(super::RenewalError::is_retryable);
        (self.pending_renewal, is_retryable).hash(into);
        self.failures.project(&self.policy, into);
        if let Some(rejections) = &self.rejections {
            rejections.project(&self.policy, now, into);
        }
    }

    /// Hashes an attempt as this lifecycle sees it.
    pub(crate) fn project_attempt(&self, attempt: &Attempt, into: &mut impl Hasher) {
        let is_current = self.has_credentials_of(attempt);
        (self.is_elected(attempt), is_current, attempt.reason).hash(into);
    }

    /// Hashes an attempt whose token request was sent, as this lifecycle sees it.
    pub(crate) fn project_running(
        &self,
        running: &RunningAttempt,
        now: Moment,
        into: &mut impl Hasher,
    ) {
        self.project_attempt(&running.attempt, into);
        now.since(running.born).hash(into);
    }

    /// Returns how many attempts were elected so far.
    pub(crate) fn elections(&self) -> u64 {
        self.flight.elections()
    }
}
