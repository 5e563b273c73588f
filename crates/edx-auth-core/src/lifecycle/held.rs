//! The token at hand, and its age.

use core::time::Duration;

use super::{Generation, LiveToken, Moment, Need, RenewalPolicy, StoredToken};
use crate::jitter::Jitter;
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

/// A token at one moment: its age is counted once, whatever is asked of it.
#[derive(Clone, Copy)]
pub(super) struct Standing<'a> {
    held: &'a Held,
    age: Duration,
    now: Moment,
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
        jitter: Jitter,
    ) -> Self {
        Self {
            token,
            generation: Generation::ZERO,
            anchor,
            arrived: anchor.0,
            life,
            due_from: policy.due_from(life) + policy.due_jitter(life, jitter),
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

    /// What this moment makes of it.
    #[inline]
    pub(super) fn at(&self, now: Moment) -> Standing<'_> {
        let (then, age) = self.anchor;
        let age = age.saturating_add(now.since(then));
        Standing {
            held: self,
            age,
            now,
        }
    }

    /// For how long it may still be used.
    pub(super) fn usable_for(&self, now: Moment) -> Duration {
        self.at(now).usable_for()
    }

    pub(super) fn is_usable(&self, now: Moment) -> bool {
        self.at(now).is_usable()
    }

    pub(super) fn outlives(&self, other: &Self, now: Moment) -> bool {
        self.usable_for(now) > other.usable_for(now)
    }

    pub(super) fn is_same_token(&self, other: &Self) -> bool {
        self.token.authorization() == other.token.authorization()
    }
}

impl Standing<'_> {
    pub(super) fn age(&self) -> Duration {
        self.age
    }

    /// For how long it may still be used.
    #[inline]
    pub(super) fn usable_for(&self) -> Duration {
        self.held.unusable_from.saturating_sub(self.age)
    }

    pub(super) fn is_usable(&self) -> bool {
        self.age < self.held.unusable_from
    }

    pub(super) fn state(&self) -> TokenState {
        if !self.is_usable() {
            TokenState::Expired
        } else if self.age >= self.held.due_from {
            TokenState::Due
        } else {
            TokenState::Fresh
        }
    }

    /// Whether it is good for so long, or for as long as every fresh token is. One that has just
    /// come is: asking again would bring nothing better, were the exchange ever so slow.
    pub(super) fn is_good_for(&self, validity: Duration) -> bool {
        let is_just_in = || self.now.since(self.held.arrived) < self.held.young_until;
        let is_enough = || self.usable_for() >= validity.min(self.held.longest_validity);
        validity.is_zero() || is_enough() || is_just_in()
    }

    /// Whether it does for a caller of this need, and is not due: what nearly every call comes to.
    #[inline]
    pub(super) fn is_all_that_is_wanted(&self, need: Need) -> bool {
        self.age < self.held.due_from && self.serves(need)
    }

    /// Whether it does for a caller of this need.
    pub(super) fn serves(&self, need: Need) -> bool {
        self.is_usable() && self.is_good_for(need.min_validity) && !self.is_refused(need)
    }

    /// Whether this caller has no use for it.
    pub(super) fn is_refused(&self, need: Need) -> bool {
        let is_refused = |old| self.held.generation <= old && !fault!(NoRefusedTokenComesBack);
        need.newer_than.is_some_and(is_refused)
    }

    /// The token as it is kept elsewhere: born when the wall clock says that it was.
    pub(super) fn store(&self) -> StoredToken {
        let born = self.now.wall.saturating_sub(self.age);
        StoredToken::new(self.held.token.clone(), self.held.life, born)
    }

    #[inline]
    pub(super) fn lend(&self) -> LiveToken {
        LiveToken {
            token: self.held.token.clone(),
            generation: self.held.generation,
            usable_for: self.usable_for(),
        }
    }
}
