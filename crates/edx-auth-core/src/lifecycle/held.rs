//! The token at hand, and its age.

use core::time::Duration;

use super::{Generation, LiveToken, Moment, Need, RenewalPolicy, StoredToken};
use crate::spread::Spread;
use crate::token::AccessToken;

/// A token and the marks on its life. Whether it is fresh, due or over is asked, never stored.
#[derive(Clone, Debug)]
pub(super) struct Held {
    token: AccessToken,
    pub(super) generation: Generation,
    /// When its age was last known, and how much that was.
    anchor: (Moment, Duration),
    arrived: Moment,
    life: Duration,
    due_from: Duration,
    unusable_from: Duration,
    pub(super) young_until: Duration,
    longest_validity: Duration,
}

/// Where a token stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenState {
    /// There is none.
    Empty,
    /// It may be used, and needs no renewal yet.
    Fresh,
    /// It may be used, and is due for renewal.
    Due,
    /// It may no longer be used.
    Expired,
}

impl Held {
    /// A token of this life that is of some age at some moment.
    pub(super) fn new(
        (token, life): (AccessToken, Duration),
        anchor: (Moment, Duration),
        policy: &RenewalPolicy,
        spread: Spread,
    ) -> Self {
        Self {
            token,
            generation: Generation::ZERO,
            anchor,
            arrived: anchor.0,
            life,
            due_from: policy.due_from(life) + policy.due_spread(life, spread),
            unusable_from: policy.unusable_from(life),
            young_until: policy.young_until(life),
            longest_validity: policy.longest_validity(life),
        }
    }

    /// The same token, where it came later than it was born.
    pub(super) fn arrived(mut self, now: Moment) -> Self {
        self.arrived = now;
        self
    }

    pub(super) fn age(&self, now: Moment) -> Duration {
        let (then, age) = self.anchor;
        age.saturating_add(now.since(then))
    }

    /// For how long it may still be used.
    pub(super) fn usable_for(&self, now: Moment) -> Duration {
        self.unusable_from.saturating_sub(self.age(now))
    }

    pub(super) fn state(&self, now: Moment) -> TokenState {
        let age = self.age(now);
        if age >= self.unusable_from {
            TokenState::Expired
        } else if age >= self.due_from {
            TokenState::Due
        } else {
            TokenState::Fresh
        }
    }

    pub(super) fn is_usable(&self, now: Moment) -> bool {
        !self.usable_for(now).is_zero()
    }

    /// Whether it is good for so long, or for as long as every fresh token is. One that has just
    /// come is: asking again would bring nothing better, were the exchange ever so slow.
    pub(super) fn is_good_for(&self, validity: Duration, now: Moment) -> bool {
        let is_just_in = now.since(self.arrived) < self.young_until;
        is_just_in || self.usable_for(now) >= validity.min(self.longest_validity)
    }

    /// Whether it does for a caller of this need.
    pub(super) fn serves(&self, need: Need, now: Moment) -> bool {
        let is_enough = self.is_usable(now) && self.is_good_for(need.min_validity, now);
        is_enough && !self.is_refused(need)
    }

    /// Whether this caller has no use for it.
    pub(super) fn is_refused(&self, need: Need) -> bool {
        let is_refused = |old| self.generation <= old && !fault!(NoRefusedTokenComesBack);
        need.newer_than.is_some_and(is_refused)
    }

    pub(super) fn outlives(&self, other: &Self, now: Moment) -> bool {
        self.usable_for(now) > other.usable_for(now)
    }

    pub(super) fn is_same_token(&self, other: &Self) -> bool {
        self.token.authorization() == other.token.authorization()
    }

    /// The token as it is kept elsewhere: born when the wall clock says that it was.
    pub(super) fn store(&self, now: Moment) -> StoredToken {
        let born = now.wall.saturating_sub(self.age(now));
        StoredToken::new(self.token.clone(), self.life, born)
    }

    pub(super) fn lend(&self, now: Moment) -> LiveToken {
        LiveToken {
            token: self.token.clone(),
            generation: self.generation,
            usable_for: self.usable_for(now),
        }
    }
}
