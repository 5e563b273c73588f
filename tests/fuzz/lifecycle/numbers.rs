//! The numbers of a policy, valid or not.

use std::time::Duration;

use edx_auth_core::{PolicyError, RenewalPolicy};
use libfuzzer_sys::arbitrary::{self, Arbitrary};

use crate::model::{Time, duration};

/// Every number of a policy.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Numbers {
    pub(crate) expiry_margin: Length,
    pub(crate) renewal_margin: Length,
    /// The policy's `skew_grace`: a token of this age or less is young, and its rejections do not count.
    pub(crate) young: Length,
    pub(crate) lease: Length,
    pub(crate) transient: [Length; 2],
    pub(crate) throttled: Length,
    pub(crate) permanent: [Length; 2],
    pub(crate) rejections: [Length; 2],
    pub(crate) rejections_forgotten: Length,
}

/// A change of one number.
#[derive(Arbitrary, Clone, Copy, Debug)]
pub(crate) enum Change {
    ExpiryMargin(Length),
    RenewalMargin(Length),
    Young(Length),
    Lease(Length),
    Transient([Length; 2]),
    Throttled(Length),
    Permanent([Length; 2]),
    Rejections([Length; 2]),
    RejectionsForgotten(Length),
}

/// A length of time, mostly one that a policy accepts.
#[derive(Arbitrary, Clone, Copy, Debug, PartialEq)]
pub(crate) enum Length {
    Millis(u16),
    Seconds(u16),
    Hours(u8),
    Any(u64),
}

impl Length {
    pub(crate) fn time(self) -> Time {
        match self {
            Self::Millis(millis) => Time::from(millis) * MILLI,
            Self::Seconds(seconds) => Time::from(seconds) * 1000 * MILLI,
            Self::Hours(hours) => Time::from(hours) * HOUR,
            Self::Any(millis) => Time::from(millis) * MILLI,
        }
    }

    fn duration(self) -> Duration {
        duration(self.time())
    }

    fn is_in_range(self) -> bool {
        (MILLI..=YEAR).contains(&self.time())
    }
}

impl Default for Numbers {
    fn default() -> Self {
        use Length::Seconds;
        Self {
            expiry_margin: Seconds(30),
            renewal_margin: Seconds(600),
            young: Seconds(6),
            lease: Seconds(25),
            transient: [Seconds(1), Seconds(60)],
            throttled: Seconds(60),
            permanent: [Seconds(30), Seconds(600)],
            rejections: [Seconds(10), Seconds(600)],
            rejections_forgotten: Seconds(1200),
        }
    }
}

impl Numbers {
    pub(crate) fn with(mut self, change: Change) -> Self {
        match change {
            Change::ExpiryMargin(length) => self.expiry_margin = length,
            Change::RenewalMargin(length) => self.renewal_margin = length,
            Change::Young(length) => self.young = length,
            Change::Lease(length) => self.lease = length,
            Change::Transient(range) => self.transient = range,
            Change::Throttled(length) => self.throttled = length,
            Change::Permanent(range) => self.permanent = range,
            Change::Rejections(range) => self.rejections = range,
            Change::RejectionsForgotten(length) => self.rejections_forgotten = length,
        }
        self
    }

    pub(crate) fn build(self) -> Result<RenewalPolicy, PolicyError> {
        let [transient, permanent, rejections] = [self.transient, self.permanent, self.rejections]
            .map(|range| range.map(Length::duration));
        RenewalPolicy::builder()
            .expiry_margin(self.expiry_margin.duration())
            .renewal_margin(self.renewal_margin.duration())
            .skew_grace(self.young.duration())
            .lease(self.lease.duration())
            .transient_backoff(transient[0], transient[1])
            .throttled_backoff(self.throttled.duration())
            .permanent_backoff(permanent[0], permanent[1])
            .rejection_backoff(rejections[0], rejections[1])
            .rejections_forgotten_after(self.rejections_forgotten.duration())
            .build()
    }

    /// Returns the error that a policy of these numbers causes, if any.
    pub(crate) fn fault(self) -> Option<PolicyError> {
        let ranges = [self.transient, self.permanent, self.rejections];
        let is_ordered = |[first, longest]: &[Length; 2]| first.time() <= longest.time();
        if !self.all().all(Length::is_in_range) {
            Some(PolicyError::OutOfRange)
        } else if self.renewal_margin.time() <= self.expiry_margin.time() {
            Some(PolicyError::RenewalAfterExpiry)
        } else if !ranges.iter().all(is_ordered) {
            Some(PolicyError::FirstBeyondLongest)
        } else {
            None
        }
    }

    /// Returns the longest wait of any caller: the longest of these numbers or the hour that a server may ask
    /// for, and a quarter more for jitter.
    pub(crate) fn longest_wait(self) -> Time {
        let longest = self.all().map(Length::time).chain([HOUR]).max();
        longest.unwrap_or_default() / 4 * 5 + MILLI
    }

    fn all(self) -> impl Iterator<Item = Length> {
        let margins = [self.expiry_margin, self.renewal_margin, self.young];
        let others = [self.lease, self.throttled, self.rejections_forgotten];
        let ranges = [self.transient, self.permanent, self.rejections];
        margins
            .into_iter()
            .chain(others)
            .chain(ranges.into_iter().flatten())
    }
}

const MILLI: Time = 1_000_000;
const HOUR: Time = 60 * 60 * 1000 * MILLI;
const YEAR: Time = 365 * 24 * HOUR;
