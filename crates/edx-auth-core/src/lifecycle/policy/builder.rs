//! A policy in the making, and numbers that do not fit together.

use core::time::Duration;

use thiserror::Error;

use super::RenewalPolicy;
use super::stretch::{Doubling, Millis};

/// A [`RenewalPolicy`] in the making.
#[derive(Clone, Copy, Debug)]
#[must_use = "build() makes a policy of it"]
pub struct RenewalPolicyBuilder(pub(super) RenewalPolicy);

/// Numbers that do not fit together.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyError {
    /// A stretch of time that is below a millisecond, or beyond a year.
    #[error("a stretch of time is below a millisecond or beyond a year")]
    OutOfRange,
    /// Tokens would be unusable before they are due for renewal.
    #[error("the margin for renewal is not larger than the margin before expiry")]
    RenewalAfterExpiry,
    /// A pause whose first length is beyond its longest.
    #[error("the first pause is longer than the longest")]
    FirstBeyondLongest,
}

impl RenewalPolicyBuilder {
    /// How long before its end a token is no longer handed out; at most an eighth of its life.
    #[doc(alias = "skew")]
    #[doc(alias = "leeway")]
    pub const fn expiry_margin(mut self, margin: Duration) -> Self {
        self.0.expiry_margin = Millis::of(margin);
        self
    }

    /// How long before its end a token is due for renewal; at most three eighths of its life.
    #[doc(alias = "refresh")]
    pub const fn renewal_margin(mut self, margin: Duration) -> Self {
        self.0.renewal_margin = Millis::of(margin);
        self
    }

    /// Sets the age up to which a rejected token is tried once more instead of being replaced, to
    /// allow for clock skew; at most an eighth of its lifetime. Open edX itself gives no leeway.
    pub const fn skew_grace(mut self, age: Duration) -> Self {
        self.0.young = Millis::of(age);
        self
    }

    /// How long an attempt counts as alive. Longer than one exchange may take.
    pub const fn lease(mut self, lease: Duration) -> Self {
        self.0.lease = Millis::of(lease);
        self
    }

    /// Sets the backoff after a transient failure, from the first to the longest.
    pub const fn transient_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.0.transient = Doubling::of(first, longest);
        self
    }

    /// Sets the backoff after a throttled request whose response has no `Retry-After`.
    pub const fn throttled_backoff(mut self, backoff: Duration) -> Self {
        self.0.throttled = Millis::of(backoff);
        self
    }

    /// Sets the backoff after a permanent failure, from the first to the longest.
    pub const fn permanent_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.0.permanent = Doubling::of(first, longest);
        self
    }

    /// Sets the backoff between renewals caused by rejected tokens, from the second on.
    #[doc(alias = "401")]
    pub const fn rejection_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.0.refusals = Doubling::of(first, longest);
        self
    }

    /// Sets how long after the last rejected token the next one counts as the first.
    pub const fn rejections_forgotten_after(mut self, calm: Duration) -> Self {
        self.0.refusals_forgotten = Millis::of(calm);
        self
    }

    /// The policy, if its numbers fit together.
    ///
    /// # Errors
    /// Where they do not: see [`PolicyError`].
    pub const fn build(self) -> Result<RenewalPolicy, PolicyError> {
        let policy = self.0;
        let in_range = policy.expiry_margin.is_in_range()
            && policy.renewal_margin.is_in_range()
            && policy.young.is_in_range()
            && policy.lease.is_in_range()
            && policy.transient.is_in_range()
            && policy.throttled.is_in_range()
            && policy.permanent.is_in_range()
            && policy.refusals.is_in_range()
            && policy.refusals_forgotten.is_in_range();
        if !in_range {
            return Err(PolicyError::OutOfRange);
        }
        if policy.renewal_margin.0 <= policy.expiry_margin.0 {
            return Err(PolicyError::RenewalAfterExpiry);
        }
        if policy.transient.is_ordered()
            && policy.permanent.is_ordered()
            && policy.refusals.is_ordered()
        {
            Ok(policy)
        } else {
            Err(PolicyError::FirstBeyondLongest)
        }
    }
}
