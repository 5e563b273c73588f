//! The builder of a policy, and the errors in its durations.

use core::time::Duration;

use thiserror::Error;

use super::RenewalPolicy;
use super::durations::{Backoff, Millis};

/// Builds a [`RenewalPolicy`].
#[derive(Clone, Copy, Debug)]
#[must_use = "call build() to get the policy"]
pub struct RenewalPolicyBuilder(pub(super) RenewalPolicy);

/// Why durations are not a valid policy.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PolicyError {
    /// A duration is shorter than a millisecond or longer than a year.
    #[error("a duration is shorter than 1 ms or longer than 1 year")]
    OutOfRange,
    /// Tokens would be unusable before they are due for renewal.
    #[error("the renewal margin is not larger than the expiry margin")]
    RenewalAfterExpiry,
    /// The first backoff is longer than the longest.
    #[error("the first backoff is longer than the longest backoff")]
    FirstBeyondLongest,
}

impl PolicyError {
    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::OutOfRange => "Choose durations from 1 ms to 1 year.",
            Self::RenewalAfterExpiry => "Raise the renewal margin, or lower the expiry margin.",
            Self::FirstBeyondLongest => "Swap the two durations, or raise the longest backoff.",
        }
    }
}

impl RenewalPolicyBuilder {
    /// Sets how long before it expires a token is no longer handed out. 30 s by default. For a token with a
    /// short life it is an eighth of its lifetime.
    #[doc(alias = "skew")]
    #[doc(alias = "leeway")]
    pub const fn expiry_margin(mut self, margin: Duration) -> Self {
        self.0.expiry_margin = Millis::of(margin);
        self
    }

    /// Sets how long before it expires a token is due for renewal. 10 min by default. For a token with a short
    /// life it is three eighths of its lifetime.
    #[doc(alias = "refresh")]
    pub const fn renewal_margin(mut self, margin: Duration) -> Self {
        self.0.renewal_margin = Millis::of(margin);
        self
    }

    /// Sets the age up to which a rejected token is sent once more instead of being replaced. 6 s by default.
    /// For a token with a short life it is an eighth of its lifetime. Open edX allows no leeway for clock
    /// differences between its servers.
    pub const fn skew_grace(mut self, age: Duration) -> Self {
        self.0.skew_grace = Millis::of(age);
        self
    }

    /// Sets how long callers wait for an attempt that does not end, before another one starts. 25 s by
    /// default; a [`TokenAgent`](crate::TokenAgent) makes it at least 5 s longer than its token request may
    /// take.
    pub const fn lease(mut self, lease: Duration) -> Self {
        self.0.lease = Millis::of(lease);
        self
    }

    /// Sets the backoff after a temporary failure, which doubles from the first to the longest.
    /// 1 s to 60 s by default.
    #[doc(alias = "backoff")]
    pub const fn transient_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.0.transient = Backoff::of(first, longest);
        self
    }

    /// Sets the backoff after a throttled request without a `Retry-After`. 60 s by default.
    pub const fn throttled_backoff(mut self, backoff: Duration) -> Self {
        self.0.throttled = Millis::of(backoff);
        self
    }

    /// Sets the backoff after a permanent failure, which doubles from the first to the longest.
    /// 30 s to 10 min by default.
    pub const fn permanent_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.0.permanent = Backoff::of(first, longest);
        self
    }

    /// Sets the time between renewals that rejected tokens caused, from the second renewal on. It
    /// doubles from the first to the longest. 10 s to 10 min by default.
    #[doc(alias = "401")]
    pub const fn rejection_backoff(mut self, first: Duration, longest: Duration) -> Self {
        self.0.rejections = Backoff::of(first, longest);
        self
    }

    /// Sets how long no token must have been rejected before the rejection backoff starts again with its
    /// first length. 20 min by default.
    pub const fn rejections_forgotten_after(mut self, calm: Duration) -> Self {
        self.0.rejections_forgotten = Millis::of(calm);
        self
    }

    /// Checks the durations and returns the policy.
    ///
    /// # Errors
    /// Returns an error if they are out of range or contradict each other: see [`PolicyError`].
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
