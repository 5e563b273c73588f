//! A policy in the making, and numbers that do not fit together.

use core::time::Duration;

use thiserror::Error;

use super::RenewalPolicy;
use super::curve::{Backoff, Millis};

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

    /// Up to which age a refused token is tried once more instead of being replaced; at most an
    /// eighth of its life. Open edX gives no leeway where the clocks of its servers differ.
    pub const fn skew_grace(mut self, age: Duration) -> Self {
        self.0.skew_grace = Millis::of(age);
        self
    }

    /// How long an attempt counts as alive. Longer than one exchange may take.
    pub const fn lease(mut self, lease: Duration) -> Self {
        self.0.lease = Millis::of(lease);
        self
    }

    /// The pause after trouble that passes, from the first to the longest.
    #[doc(alias = "backoff")]
    pub const fn transient_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.0.transient = Backoff::of(first, longest);
        self
    }

    /// The pause after a throttled request whose reply named none.
    pub const fn throttled_backoff(mut self, backoff: Duration) -> Self {
        self.0.throttled = Millis::of(backoff);
        self
    }

    /// The pause after a refusal that stays, from the first to the longest.
    pub const fn permanent_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.0.permanent = Backoff::of(first, longest);
        self
    }

    /// The distance between renewals that refused tokens caused, from the second on.
    #[doc(alias = "401")]
    pub const fn rejection_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.0.rejections = Backoff::of(first, longest);
        self
    }

    /// After how long without a refused token the next one counts as the first.
    pub const fn rejections_forgotten_after(mut self, calm: Duration) -> Self {
        self.0.rejections_forgotten = Millis::of(calm);
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
            && policy.skew_grace.is_in_range()
            && policy.lease.is_in_range()
            && policy.transient.is_in_range()
            && policy.throttled.is_in_range()
            && policy.permanent.is_in_range()
            && policy.rejections.is_in_range()
            && policy.rejections_forgotten.is_in_range();
        if !in_range {
            return Err(PolicyError::OutOfRange);
        }
        if policy.renewal_margin.0 <= policy.expiry_margin.0 {
            return Err(PolicyError::RenewalAfterExpiry);
        }
        if policy.transient.is_ordered()
            && policy.permanent.is_ordered()
            && policy.rejections.is_ordered()
        {
            Ok(policy)
        } else {
            Err(PolicyError::FirstBeyondLongest)
        }
    }
}
