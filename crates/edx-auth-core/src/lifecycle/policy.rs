//! The durations of the token lifecycle: margins, lease and backoffs.

mod builder;
mod durations;
mod kept;

use core::time::Duration;

use crate::jitter::Jitter;
use crate::lifecycle::StoredToken;

pub use builder::{PolicyError, RenewalPolicyBuilder};
pub(crate) use durations::Backoff;

use crate::error::RATE_LIMIT_WINDOW;
use crate::time::YEAR;
use durations::Millis;
pub(super) use kept::KeptPolicy;

/// When tokens are renewed, and how long the backoffs last. The defaults suit token lifetimes from
/// five seconds to a year.
///
/// [`build`](RenewalPolicyBuilder::build) checks the durations, which count in whole milliseconds.
///
/// ```
/// use core::time::Duration;
/// use edx_auth_core::RenewalPolicy;
///
/// const POLICY: RenewalPolicy = match RenewalPolicy::builder()
///     .lease(Duration::from_secs(60))
///     .transient_backoff(Duration::from_secs(2), Duration::from_secs(300))
///     .build()
/// {
///     Ok(policy) => policy,
///     Err(_) => panic!("these numbers fit together"),
/// };
/// # let _ = POLICY;
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RenewalPolicy {
    expiry_margin: Millis,
    renewal_margin: Millis,
    skew_grace: Millis,
    lease: Millis,
    transient: Backoff,
    throttled: Millis,
    permanent: Backoff,
    rejections: Backoff,
    rejections_forgotten: Millis,
}

impl RenewalPolicy {
    /// The defaults. They suit token lifetimes from five seconds to a year.
    pub const DEFAULT: Self = Self {
        expiry_margin: Millis::seconds(30),
        renewal_margin: Millis::seconds(10 * 60),
        skew_grace: Millis::seconds(6),
        lease: Millis::seconds(25),
        transient: Backoff::seconds(1, 60),
        throttled: Millis::of(RATE_LIMIT_WINDOW),
        permanent: Backoff::seconds(30, 10 * 60),
        rejections: Backoff::seconds(10, 10 * 60),
        rejections_forgotten: Millis::seconds(20 * 60),
    };

    /// A policy for tests: a rejected token is renewed at once, even if it was issued a moment ago, and
    /// every backoff ends within a tenth of a second.
    ///
    /// A real site needs the [`DEFAULT`](Self::DEFAULT): these backoffs would flood it, and hosts whose
    /// clocks differ would reject every new token.
    pub const FOR_TESTS: Self = Self {
        skew_grace: Millis(1),
        transient: Backoff::millis(5, 100),
        throttled: Millis(100),
        permanent: Backoff::millis(5, 100),
        rejections: Backoff::millis(5, 100),
        ..Self::DEFAULT
    };

    /// For a token that another process keeps fresh: a failed reading is repeated soon, since it costs no
    /// token request.
    pub(crate) const SUPPLIED: Self = Self {
        transient: Backoff::seconds(1, 30),
        ..Self::DEFAULT
    };

    const AFTER_DEADLINE: Duration = Duration::from_secs(5);

    /// Returns a builder that starts from the defaults.
    pub const fn builder() -> RenewalPolicyBuilder {
        RenewalPolicyBuilder(Self::DEFAULT)
    }

    /// Extends the lease to at least five seconds more than the deadline of a token request: with a shorter
    /// lease a second caller would be elected while the first one's request is still under way.
    #[must_use]
    pub fn outlasting(mut self, deadline: Duration) -> Self {
        let lease = Self::longer_than(deadline);
        self.lease = Millis::of(lease.max(self.lease()).min(YEAR));
        self
    }

    /// Returns a duration that outlasts an exchange with this deadline, for the lease and for the
    /// default token timeout.
    pub(crate) fn longer_than(deadline: Duration) -> Duration {
        deadline.saturating_add(Self::AFTER_DEADLINE)
    }

    /// Returns the age from which a token is no longer handed out.
    pub(super) fn unusable_from(&self, lifetime: Duration) -> Duration {
        lifetime.saturating_sub(self.expiry_margin(lifetime))
    }

    /// Returns the age from which a token is renewed, jitter not included.
    pub(super) fn due_from(&self, lifetime: Duration) -> Duration {
        lifetime.saturating_sub(self.renewal_margin(lifetime))
    }

    /// Returns how much later jitter lets a token become due: up to a third of the renewal margin, and no
    /// later than halfway to the age at which it is unusable.
    pub(super) fn due_jitter(&self, lifetime: Duration, jitter: Jitter) -> Duration {
        let third = self.renewal_margin(lifetime) / 3;
        jitter.of(third.min(self.longest_validity(lifetime) / 2))
    }

    /// Returns the age below which a rejection may be caused by clock skew.
    pub(super) fn grace_until(&self, lifetime: Duration) -> Duration {
        self.skew_grace.duration().min(lifetime / 8)
    }

    /// Returns the longest validity that a caller may require: more would cost a token request for
    /// every call.
    pub(super) fn longest_validity(&self, lifetime: Duration) -> Duration {
        self.unusable_from(lifetime)
            .saturating_sub(self.due_from(lifetime))
    }

    /// Returns how far in the future a stored token may have been issued: clocks differ.
    pub(super) fn birth_tolerance(&self, lifetime: Duration) -> Duration {
        StoredToken::TOLERANCE.min(self.expiry_margin(lifetime))
    }

    /// Returns how long an attempt counts as in flight.
    pub(super) fn lease(&self) -> Duration {
        self.lease.duration()
    }

    pub(super) fn transient(&self) -> Backoff {
        self.transient
    }

    pub(super) fn throttled(&self) -> Duration {
        self.throttled.duration()
    }

    pub(super) fn permanent(&self) -> Backoff {
        self.permanent
    }

    pub(super) fn rejections(&self) -> Backoff {
        self.rejections
    }

    /// Returns how long no token must have been rejected before the rejection backoff starts again.
    pub(super) fn rejections_forgotten(&self) -> Duration {
        self.rejections_forgotten.duration()
    }

    fn expiry_margin(&self, lifetime: Duration) -> Duration {
        self.expiry_margin.duration().min(lifetime / 8)
    }

    fn renewal_margin(&self, lifetime: Duration) -> Duration {
        self.renewal_margin.duration().min(lifetime / 8 * 3)
    }
}

impl Default for RenewalPolicy {
    fn default() -> Self {
        Self::DEFAULT
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::boundaries::DURATIONS;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn a_file_is_read_again_half_a_minute_after_failed_readings_at_the_latest() {
        assert_eq!(RenewalPolicy::SUPPLIED.transient().after(9).as_secs(), 30);
    }

    #[test]
    fn a_token_of_an_hour_is_renewed_ten_minutes_before_its_end() {
        let (policy, lifetime) = (RenewalPolicy::DEFAULT, Duration::from_secs(3599));

        assert_eq!(policy.due_from(lifetime).as_millis(), 2_999_000);
        assert_eq!(
            policy.due_jitter(lifetime, Jitter::FULL).as_millis(),
            200_000
        );
        assert_eq!(policy.unusable_from(lifetime).as_millis(), 3_569_000);
        assert_eq!(policy.grace_until(lifetime).as_millis(), 6_000);
        assert_eq!(policy.longest_validity(lifetime).as_millis(), 570_000);
    }

    #[test]
    fn the_policy_for_tests_renews_at_once_and_backs_off_briefly() {
        let policy = RenewalPolicy::FOR_TESTS;
        let tenth = Duration::from_millis(100);

        assert_eq!(RenewalPolicyBuilder(policy).build(), Ok(policy));
        assert_eq!(policy.grace_until(LONG), Duration::from_millis(1));
        for backoff in [policy.transient(), policy.permanent(), policy.rejections()] {
            assert_eq!(backoff.after(u32::MAX), tenth);
        }
        assert_eq!(policy.throttled(), tenth);
    }

    #[test]
    fn a_token_of_five_seconds_has_shorter_margins() {
        let (policy, lifetime) = (RenewalPolicy::DEFAULT, Duration::from_secs(4));

        assert_eq!(policy.due_from(lifetime).as_millis(), 2_500);
        assert_eq!(policy.unusable_from(lifetime).as_millis(), 3_500);
        assert_eq!(policy.grace_until(lifetime).as_millis(), 500);
        assert_eq!(policy.birth_tolerance(lifetime).as_millis(), 500);
    }

    #[test]
    fn a_backoff_doubles_up_to_its_longest() {
        let backoff = RenewalPolicy::DEFAULT.transient();
        let lengths = [0, 1, 5, 6, 7, 63, 64, u32::MAX].map(|n| backoff.after(n).as_secs());

        assert_eq!(lengths, [1, 2, 32, 60, 60, 60, 60, 60]);
    }

    #[test]
    fn every_backoff_has_its_first_and_its_longest() {
        let policy = RenewalPolicy::DEFAULT;
        let ends = |backoff: Backoff| [0, u32::MAX].map(|n| backoff.after(n).as_secs());

        assert_eq!(ends(policy.transient()), [1, 60]);
        assert_eq!(ends(policy.permanent()), [30, 600]);
        assert_eq!(ends(policy.rejections()), [10, 600]);
        assert_eq!(policy.throttled().as_secs(), 60);
        assert_eq!(policy.rejections_forgotten().as_secs(), 20 * 60);
    }

    #[test]
    fn a_lease_outlasts_the_deadline_of_an_exchange() {
        let lease_for = |deadline| {
            RenewalPolicy::DEFAULT
                .outlasting(deadline)
                .lease()
                .as_secs()
        };

        assert_eq!(lease_for(Duration::from_secs(20)), 25);
        assert_eq!(lease_for(Duration::from_secs(2)), 25);
        assert_eq!(lease_for(Duration::from_secs(60)), 65);
        assert_eq!(lease_for(Duration::MAX), 365 * 24 * 60 * 60);
    }

    #[test]
    fn a_duration_of_zero_is_out_of_range() {
        let (build, some, none) = (RenewalPolicy::builder(), LONG, Duration::ZERO);
        for (at, one_without) in [
            build.expiry_margin(none),
            build.renewal_margin(none),
            build.skew_grace(none),
            build.lease(none),
            build.transient_backoff(none, some),
            build.transient_backoff(some, none),
            build.throttled_backoff(none),
            build.permanent_backoff(none, some),
            build.permanent_backoff(some, none),
            build.rejection_backoff(none, some),
            build.rejection_backoff(some, none),
            build.rejections_forgotten_after(none),
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(one_without.build(), Err(PolicyError::OutOfRange), "{at}");
        }
    }

    #[test]
    fn a_duration_is_from_a_millisecond_to_a_year() {
        let year = Duration::from_secs(365 * 24 * 60 * 60);
        let micro = Duration::from_micros(1);
        for (lease, fits) in [
            (999 * micro, false),
            (1000 * micro, true),
            (year, true),
            (year + 1000 * micro, false),
            (Duration::MAX, false),
        ] {
            let policy = RenewalPolicy::builder().lease(lease).build();

            assert_eq!(policy.is_ok(), fits, "{lease:?}");
            if let Ok(policy) = policy {
                assert_eq!(policy.lease(), lease);
            }
        }
    }

    #[test]
    fn a_token_of_any_life_is_due_before_it_is_unusable_with_any_jitter_and_any_policy() {
        for policy in policies() {
            for lifetime in DURATIONS.into_iter().filter(|life| !life.is_zero()) {
                let (due, unusable) = (policy.due_from(lifetime), policy.unusable_from(lifetime));
                let latest = due + policy.due_jitter(lifetime, Jitter::FULL);

                assert!(
                    latest <= unusable && unusable <= lifetime,
                    "{policy:?}: {lifetime:?}"
                );
                let half = lifetime / 2;
                assert!(due >= half, "{policy:?}: {lifetime:?}");
                assert!(
                    policy.grace_until(lifetime) <= due,
                    "{policy:?}: {lifetime:?}"
                );
            }
        }
    }

    /// Returns every policy whose margins and grace are boundaries.
    fn policies() -> impl Iterator<Item = RenewalPolicy> {
        let margins = DURATIONS
            .into_iter()
            .flat_map(|margin| DURATIONS.map(|other| (margin, other)));
        margins.filter_map(|(expiry, renewal)| {
            let policy = RenewalPolicy::builder()
                .expiry_margin(expiry)
                .renewal_margin(renewal);
            policy.skew_grace(renewal).build().ok()
        })
    }

    #[test]
    fn a_first_backoff_is_at_most_the_longest() {
        let build = RenewalPolicy::builder();
        let fault = Some(PolicyError::FirstBeyondLongest);
        let more = LONG + Duration::from_millis(1);

        assert_eq!(build.transient_backoff(LONG, LONG).build().err(), None);
        assert_eq!(build.transient_backoff(more, LONG).build().err(), fault);
        assert_eq!(build.permanent_backoff(more, LONG).build().err(), fault);
        assert_eq!(build.rejection_backoff(more, LONG).build().err(), fault);
    }

    #[test]
    fn a_fault_says_what_to_do() {
        for (fault, advice) in [
            (PolicyError::OutOfRange, "1 ms to 1 year"),
            (PolicyError::RenewalAfterExpiry, "Raise the renewal margin"),
            (PolicyError::FirstBeyondLongest, "raise the longest backoff"),
        ] {
            assert!(fault.advice().contains(advice), "{fault}");
        }
    }

    #[test]
    fn tokens_are_due_before_they_are_unusable() {
        let build = RenewalPolicy::builder().expiry_margin(LONG);
        let more = LONG + Duration::from_millis(1);
        let fault = Some(PolicyError::RenewalAfterExpiry);

        assert_eq!(build.renewal_margin(LONG).build().err(), fault);
        assert_eq!(build.renewal_margin(more).build().err(), None);
    }
}
