//! What an agent does where other processes leave tokens, before it requests one:
//!
//! ```text
//! read ── nothing better ──> claim, and read again ── nothing better ──> request, save, release
//!   └── a better token: done                └── a better token: release
//! ```
//!
//! The store is never trusted with more than the saving of a request: where it fails, hangs or lies, the
//! token is requested without it. A supplied token is only read.

#[cfg(test)]
pub(super) mod laws;

use core::time::Duration;

use super::work::{StoreTicket, WorkKind};
use crate::time::Moment;

/// What the elected attempt does next in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum StoreStep {
    /// It looks for a token of another process.
    Read,
    /// It claims the request for itself, and looks once more.
    Claim,
    /// There is nothing left to do there.
    Done,
    /// It reads what another process supplies: there is no other way to a token.
    ReadOnly,
}

/// A look into the store that is under way.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    until: Duration,
}

impl StoreStep {
    pub(super) fn next(self) -> Self {
        match self {
            Self::Read => Self::Claim,
            Self::Claim | Self::Done => Self::Done,
            Self::ReadOnly => Self::ReadOnly,
        }
    }

    /// Returns what follows if a look hangs: the store is left alone, unless it is the only way.
    pub(super) fn past_a_hang(self) -> Self {
        match self {
            Self::Read | Self::Claim | Self::Done => Self::Done,
            Self::ReadOnly => Self::ReadOnly,
        }
    }

    /// Returns how long a caller waits before it asks again, in an attempt that starts with this: then it learns
    /// how long a look takes, or finds the token that is not saved yet.
    pub(super) fn longest_wait(self) -> Option<Duration> {
        (self != Self::Done).then_some(StoreTicket::READ_WITHIN)
    }

    pub(super) fn kind(self) -> WorkKind {
        match self {
            Self::Read | Self::Claim | Self::ReadOnly => WorkKind::Store,
            Self::Done => WorkKind::Exchange,
        }
    }
}

impl Look {
    /// Starts a look that claims for at most this long.
    pub(super) fn starting(claim_within: Option<Duration>, now: Moment) -> Self {
        let longest = claim_within
            .unwrap_or_default()
            .saturating_add(StoreTicket::READ_WITHIN);
        Self {
            until: now.monotonic.saturating_add(longest),
        }
    }

    /// Returns how much longer the store may take; nothing is left if it hangs.
    pub(super) fn left(self, now: Moment) -> Option<Duration> {
        let left = self.until.saturating_sub(now.monotonic);
        (!left.is_zero()).then_some(left)
    }
}

/// Returns how long to wait for the claim of another process: its token request may take this long. A
/// caller then has as much time left for its own request.
pub(super) fn claim_within(deadline: Duration, token_timeout: Duration) -> Duration {
    longest_claim(deadline).min(token_timeout / 2)
}

/// Returns how long another process may hold its claim: for one token request, and what is around it.
pub(super) fn longest_claim(deadline: Duration) -> Duration {
    deadline.saturating_add(StoreTicket::READ_WITHIN)
}
