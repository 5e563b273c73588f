//! Backoff: how long no token is requested, after failures and after rejected tokens.

#[cfg(test)]
use core::hash::{Hash as _, Hasher};
use core::time::Duration;

use super::error::{FailureClass, RenewalError};
use super::policy::RenewalPolicy;
use crate::jitter::Jitter;
use crate::time::{Moment, Pause};

/// Failed attempts in a row, by class.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct FailureBackoff {
    transient: u32,
    permanent: u32,
}

/// Counts renewals that rejected tokens caused: an API that rejects every token causes them ever less
/// often.
///
/// Only issued tokens count. For failures of the token endpoint there is [`FailureBackoff`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct RejectionBackoff {
    renewals: u32,
    /// When a rejected token was last replaced.
    renewed: Moment,
    /// When a token was last rejected, or a rejected one replaced.
    seen: Moment,
}

impl FailureBackoff {
    /// Counts a failure and returns its backoff, jitter included.
    pub(super) fn record_failure(
        &mut self,
        error: &RenewalError,
        policy: &RenewalPolicy,
        jitter: Jitter,
    ) -> Duration {
        let backoff = match error.class() {
            FailureClass::Transient => self.transient(error, policy),
            FailureClass::Throttled => {
                let asked = error.asked_wait().unwrap_or_else(|| policy.throttled());
                asked.max(self.transient(error, policy))
            }
            FailureClass::Permanent => self.permanent(policy),
        };
        jitter.lengthen(backoff)
    }

    /// Forgets permanent denials: new credentials have not been denied yet.
    pub(super) fn forget_permanent(&mut self) {
        self.permanent = 0;
    }

    /// Returns the doubled backoff, or the server's own wait if that is longer. With `Retry-After:
    /// 0` the backoff still applies.
    fn transient(&mut self, error: &RenewalError, policy: &RenewalPolicy) -> Duration {
        let doubled = policy.transient().after(self.transient);
        self.transient = self.transient.saturating_add(1);
        doubled.max(error.asked_wait().unwrap_or_default())
    }

    fn permanent(&mut self, policy: &RenewalPolicy) -> Duration {
        let backoff = policy.permanent().after(self.permanent);
        self.permanent = self.permanent.saturating_add(1);
        backoff
    }
}

impl RejectionBackoff {
    /// Records that an API rejected a token.
    pub(super) fn record_rejection(&mut self, policy: &RenewalPolicy, now: Moment) {
        self.renewals = self.renewals_at(policy, now);
        self.seen = now;
    }

    /// Records that a new token replaced a rejected one.
    pub(super) fn record_renewal(&mut self, policy: &RenewalPolicy, now: Moment) {
        self.renewals = self.renewals_at(policy, now).saturating_add(1);
        self.renewed = now;
        self.seen = now;
    }

    /// Returns how long the next renewal for a rejected token has to wait: zero for the first.
    pub(super) fn wait(&self, policy: &RenewalPolicy, now: Moment) -> Duration {
        let Some(doublings) = self.renewals_at(policy, now).checked_sub(1) else {
            return Duration::ZERO;
        };
        Pause::new(policy.rejections().after(doublings), self.renewed).left(now)
    }

    /// Returns the count, which starts again after a long time without a rejection.
    fn renewals_at(&self, policy: &RenewalPolicy, now: Moment) -> u32 {
        let calm = now.since(self.seen);
        if calm >= policy.rejections_forgotten() {
            0
        } else {
            self.renewals
        }
    }
}

#[cfg(test)]
impl FailureBackoff {
    /// Hashes the counts, up to where they make no difference.
    pub(super) fn project(self, policy: &RenewalPolicy, into: &mut impl Hasher) {
        let transient = policy.transient().after(self.transient);
        let permanent = policy.permanent().after(self.permanent);
        (transient, permanent).hash(into);
    }
}

#[cfg(test)]
impl RejectionBackoff {
    /// Hashes everything that matters from now on, without absolute times.
    pub(super) fn project(&self, policy: &RenewalPolicy, now: Moment, into: &mut impl Hasher) {
        let renewals = self.renewals_at(policy, now);
        if let Some(doublings) = renewals.checked_sub(1) {
            let longest = policy.rejections().after(u32::MAX);
            let renewed = now.since(self.renewed).min(longest);
            let seen = now.since(self.seen);
            (policy.rejections().after(doublings), renewed, seen).hash(into);
        }
    }
}

#[cfg(test)]
mod tests;
