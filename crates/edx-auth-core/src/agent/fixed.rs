//! A fixed token: given by the program, and never renewed.

use core::time::Duration;

use crate::lifecycle::{Generation, Health, Invalidation, LiveToken, Need, TokenState};
use crate::time::{Moment, YEAR};
use crate::token::{AccessToken, Validity};

/// A token that is never renewed. It is handed out at any time, even if its `exp` has passed: the wall
/// clock may be wrong, and there is no other token.
#[derive(Clone, Debug)]
pub(super) struct FixedToken {
    token: AccessToken,
    validity: Validity,
    rejected: u64,
}

impl FixedToken {
    const GENERATION: Generation = Generation::FIRST;

    /// The need for a newer token, which none serves.
    pub(super) const NEWER: Need = Need::any().newer_than(Self::GENERATION);

    pub(super) fn new(token: AccessToken) -> Self {
        Self {
            validity: Validity::of(token.expose()),
            token,
            rejected: 0,
        }
    }

    pub(super) fn cached(&self, need: Need, now: Moment) -> Option<LiveToken> {
        (!need.excludes(Self::GENERATION)).then(|| LiveToken {
            token: self.token.clone(),
            generation: Self::GENERATION,
            usable_for: self.left(now).unwrap_or(YEAR),
        })
    }

    pub(super) fn invalidate(&mut self) -> Invalidation {
        self.rejected += 1;
        Invalidation::Fixed
    }

    pub(super) fn health(&self, now: Moment) -> Health {
        let usable_for = self.left(now);
        Health {
            label: None,
            token: match usable_for {
                Some(Duration::ZERO) => TokenState::Expired,
                _ => TokenState::Fresh,
            },
            age: None,
            usable_for,
            generation: Some(Self::GENERATION),
            is_renewing: false,
            backoff: None,
            error: None,
            issued: 0,
            failures: 0,
            rejected: self.rejected,
            deprecated: 0,
        }
    }

    /// Returns how long the token lasts by its claims and the wall clock, at most a year; `None` if its end
    /// is unknown, such as the end of an opaque one.
    fn left(&self, now: Moment) -> Option<Duration> {
        self.validity.left(now.wall).map(|left| left.min(YEAR))
    }
}
