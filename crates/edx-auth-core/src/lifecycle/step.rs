//! A caller's need, and the next step that the lifecycle returns.

use core::time::Duration;

use super::error::RenewalError;
use super::event::RenewalReason;
use super::token::{Generation, LiveToken};
use crate::time::Moment;

/// What a caller needs of a token. The default is any token that may be used now.
///
/// ```
/// use core::time::Duration;
/// use edx_auth_core::Need;
///
/// let for_a_long_upload = Need::any().valid_for(Duration::from_secs(120));
/// assert_ne!(for_a_long_upload, Need::default());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Need {
    min_validity: Duration,
    newer_than: Option<Generation>,
}

/// What a caller has to do now.
#[derive(Debug)]
#[must_use = "it may have elected this caller, and then no other caller requests a token"]
pub(crate) enum Step {
    /// Use this token.
    Use(LiveToken),
    /// Use this token, and have the attempt made without waiting for it.
    Renew(LiveToken, Attempt),
    /// There is no usable token, and this caller is elected to get one.
    Fetch(Attempt),
    /// There is no usable token, and another attempt is in flight: wait at most this long, then
    /// step again.
    Join {
        /// How much longer the other attempt's lease lasts.
        wait: Duration,
        /// Why the last attempt that ended failed, if it failed temporarily.
        error: Option<RenewalError>,
    },
    /// There is no usable token, and none is requested before a backoff ends: wait this long, then step
    /// again.
    BackOff {
        /// How much longer the backoff lasts.
        wait: Duration,
        /// Why none is requested.
        error: RenewalError,
    },
}

/// The election of one caller, whose attempt gets the token for all. It moves and is never copied.
///
/// It has a lease: when that expires, another caller can be elected, so that a lost attempt stops no other
/// caller.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
#[must_use = "all callers wait for this attempt until its lease expires: begin it, or report its failure"]
pub(crate) struct Attempt {
    pub(super) number: u64,
    pub(super) credentials_version: u64,
    pub(super) reason: RenewalReason,
}

/// An attempt whose token request was sent: only such an attempt can end with a token.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
#[must_use = "all callers wait for this attempt until its lease expires: report its token or its failure"]
pub(crate) struct RunningAttempt {
    pub(crate) attempt: Attempt,
    /// When the request was sent, from which the age of its token counts.
    pub(super) born: Moment,
}

/// What an agent does about a token that an API rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a driver has to handle every arm")]
#[must_use = "it says whether to replay, to wait or to get another token"]
pub enum Invalidation {
    /// That token was replaced already: get the newer one, and send the call again with it.
    AlreadyReplaced,
    /// The token is so new that the API's clock may be behind: wait, and send the call once more with the
    /// very same token.
    TooYoung {
        /// How much longer the [grace for clock skew](crate::RenewalPolicyBuilder::skew_grace)
        /// lasts.
        wait: Duration,
    },
    /// Another token will be requested: get one [newer](Need::newer_than) than this, and send the call
    /// again with it.
    WillRenew {
        /// How long the renewal has to wait at least.
        wait: Duration,
    },
    /// The token is fixed, so there is no other.
    Fixed,
}

impl Need {
    /// Returns the need for any token that may be used now.
    #[must_use]
    pub const fn any() -> Self {
        Self {
            min_validity: Duration::ZERO,
            newer_than: None,
        }
    }

    /// Asks for a token that may be used for at least this long. A longer time than every fresh token has
    /// left counts as that time: 570 s for a token of one hour, by default.
    #[must_use]
    pub const fn valid_for(mut self, validity: Duration) -> Self {
        self.min_validity = validity;
        self
    }

    /// Asks for a token newer than this one, which an API rejected or the caller wants replaced.
    #[must_use]
    pub const fn newer_than(mut self, generation: Generation) -> Self {
        self.newer_than = Some(generation);
        self
    }

    pub(crate) fn min_validity(self) -> Duration {
        self.min_validity
    }

    /// Reports whether this generation is too old for the caller.
    pub(crate) fn excludes(self, generation: Generation) -> bool {
        self.newer_than.is_some_and(|old| generation <= old)
    }
}

impl Attempt {
    /// Returns why a token is requested.
    pub(crate) fn reason(&self) -> RenewalReason {
        self.reason
    }
}
