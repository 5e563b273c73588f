//! What a caller needs, and what it is to do.

use core::time::Duration;

use super::{Attempt, Generation, LiveToken, RenewalError};

/// What a caller needs of a token. The default is [`any`](Self::any) usable token.
///
/// ```
/// use core::time::Duration;
/// use edx_auth_core::Need;
///
/// const A_MINUTE: Need = Need::any().valid_for(Duration::from_secs(60));
/// # let _ = A_MINUTE;
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Need {
    pub(super) min_validity: Duration,
    pub(super) newer_than: Option<Generation>,
}

impl Need {
    /// Accepts any token that is usable now.
    #[must_use]
    pub const fn any() -> Self {
        Self {
            min_validity: Duration::ZERO,
            newer_than: None,
        }
    }

    /// Accepts only tokens that are newer than this generation, because an API rejected it or
    /// because the caller wants a new one.
    #[must_use]
    pub const fn newer_than(self, generation: Generation) -> Self {
        Self {
            newer_than: Some(generation),
            ..self
        }
    }

    /// Accepts only tokens that remain usable for this long. A duration longer than a fresh token
    /// is sure to last is shortened to that.
    #[must_use]
    pub const fn valid_for(self, validity: Duration) -> Self {
        Self {
            min_validity: validity,
            ..self
        }
    }
}

/// What a caller does now. **Five arms**, and a driver handles every one.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a driver has to handle every arm")]
#[must_use = "it may have elected this caller, and then nobody else asks for a token"]
pub enum Step {
    /// Use this token.
    Use(LiveToken),
    /// Use this token, and see to it that the attempt is made; do not wait for it.
    Renew(LiveToken, Attempt),
    /// There is no token to use, and this caller is elected to get one: make the attempt, then ask
    /// again.
    Fetch(Attempt),
    /// There is no token to use, and another caller is getting one: wait until it has settled, or
    /// so long, then ask again.
    Join {
        /// How long the other's attempt counts at most.
        wait: Duration,
        /// Why the attempt before it failed, if it did.
        cause: Option<RenewalError>,
    },
    /// There is no token to use, and nobody may ask for one yet: wait so long, or give up.
    Pause {
        /// How long nobody asks.
        wait: Duration,
        /// Why.
        cause: RenewalError,
    },
}

/// What happens to a token that an API rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a driver has to handle every arm")]
#[must_use = "it says whether to replay, to wait or to ask for another token"]
pub enum Invalidation {
    /// That token is no longer held: ask for the one that is, and replay with it.
    AlreadyReplaced,
    /// The token is so young that the server's clock may be behind: wait, and replay with the very
    /// same token, once.
    TooYoung {
        /// For how much longer the token is young.
        wait: Duration,
    },
    /// Another token will be asked for: ask for one newer than this, and replay with that.
    WillRenew {
        /// How long nobody asks for it yet.
        wait: Duration,
    },
}
