//! A token that was handed in as it is.

use core::time::Duration;

use super::Acquire;
use crate::lifecycle::{Generation, Health, Invalidation, LiveToken, Need, TokenError, TokenState};
use crate::token::AccessToken;

/// A token that is never renewed.
#[derive(Clone, Debug)]
pub(super) struct FixedToken {
    token: AccessToken,
    rejected: u64,
}

impl FixedToken {
    pub(super) const GENERATION: Generation = Generation::FIRST;

    pub(super) fn new(token: AccessToken) -> Self {
        Self { token, rejected: 0 }
    }

    pub(super) fn acquire(&self, need: Need) -> Acquire {
        match self.cached(need) {
            Some(token) => Acquire::Ready(token),
            None => Acquire::Failed(TokenError::fixed()),
        }
    }

    pub(super) fn cached(&self, need: Need) -> Option<LiveToken> {
        (!need.excludes(Self::GENERATION)).then(|| LiveToken {
            token: self.token.clone(),
            generation: Self::GENERATION,
            usable_for: USABLE_FOR,
        })
    }

    pub(super) fn invalidate(&mut self) -> Invalidation {
        self.rejected += 1;
        Invalidation::Fixed
    }

    pub(super) fn health(&self) -> Health {
        Health {
            token: TokenState::Fresh,
            usable_for: USABLE_FOR,
            generation: Some(Self::GENERATION),
            is_renewing: false,
            backoff: None,
            issued: 0,
            failures: 0,
            rejected: self.rejected,
        }
    }
}

/// A fixed token has no known end, and counts as one of a year.
const USABLE_FOR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
