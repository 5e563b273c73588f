//! The cached token, and its age.

use core::fmt;
#[cfg(test)]
use core::hash::{Hash as _, Hasher};
use core::time::Duration;

use super::{Generation, LiveToken, StoredToken};
use crate::jitter::Jitter;
use crate::lifecycle::policy::RenewalPolicy;
use crate::lifecycle::step::Need;
use crate::time::Moment;
use crate::token::AccessToken;

/// A token and the ages at which its state changes. The state is computed and never stored.
#[derive(Clone, Debug)]
pub(in crate::lifecycle) struct HeldToken {
    token: AccessToken,
    pub(in crate::lifecycle) generation: Generation,
    /// A moment, and the token's age at that moment.
    anchor: (Moment, Duration),
    arrived: Moment,
    lifetime: Duration,
    due_from: Duration,
    unusable_from: Duration,
    pub(in crate::lifecycle) grace_until: Duration,
    longest_validity: Duration,
}

/// The cached token at one moment: its age is computed once.
#[derive(Clone, Copy)]
pub(in crate::lifecycle) struct HeldTokenAt<'a> {
    held: &'a HeldToken,
    age: Duration,
    now: Moment,
}

/// Whether a token may be used, and whether it is due for renewal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenState {
    /// There is no token.
    Empty,
    /// The token may be used and is not due for renewal.
    Fresh,
    /// The token may be used and is due for renewal.
    Due,
    /// The token may no longer be used.
    Expired,
}

impl TokenState {
    /// Returns `empty`, `fresh`, `due` or `expired`, for health endpoints and metrics. No release changes
    /// these words.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Fresh => "fresh",
            Self::Due => "due",
            Self::Expired => "expired",
        }
    }
}

impl fmt::Display for TokenState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl HeldToken {
    /// Creates a token of this lifetime that has this age at this moment.
    pub(in crate::lifecycle) fn new(
        (token, lifetime): (AccessToken, Duration),
        anchor: (Moment, Duration),
        policy: &RenewalPolicy,
        jitter: Jitter,
    ) -> Self {
        Self {
            token,
            generation: Generation::ZERO,
            anchor,
            arrived: anchor.0,
            lifetime,
            due_from: policy.due_from(lifetime) + policy.due_jitter(lifetime, jitter),
            unusable_from: policy.unusable_from(lifetime),
            grace_until: policy.grace_until(lifetime),
            longest_validity: policy.longest_validity(lifetime),
        }
    }

    /// Sets when the token arrived, if that is later than the moment from which its age counts.
    pub(in crate::lifecycle) fn arrived(mut self, now: Moment) -> Self {
        self.arrived = now;
        self
    }

    /// Makes the token due after a third of its lifetime: reading it again costs no token request.
    pub(in crate::lifecycle) fn read_again_at_a_third(mut self) -> Self {
        self.due_from = self.lifetime / 3;
        self
    }

    /// Returns a view of this token with its age at this moment.
    #[inline]
    pub(in crate::lifecycle) fn at(&self, now: Moment) -> HeldTokenAt<'_> {
        let (then, age) = self.anchor;
        let age = age.saturating_add(now.since(then));
        HeldTokenAt {
            held: self,
            age,
            now,
        }
    }

    /// Returns how much longer it may be used.
    pub(in crate::lifecycle) fn usable_for(&self, now: Moment) -> Duration {
        self.at(now).usable_for()
    }

    pub(in crate::lifecycle) fn is_usable(&self, now: Moment) -> bool {
        self.at(now).is_usable()
    }

    pub(in crate::lifecycle) fn outlives(&self, other: &Self, now: Moment) -> bool {
        self.usable_for(now) > other.usable_for(now)
    }

    pub(in crate::lifecycle) fn is_same_token(&self, other: &Self) -> bool {
        self.token.authorization() == other.token.authorization()
    }
}

impl HeldTokenAt<'_> {
    pub(in crate::lifecycle) fn generation(&self) -> Generation {
        self.held.generation
    }

    /// Returns how old it is.
    pub(in crate::lifecycle) fn age(&self) -> Duration {
        self.age
    }

    /// Returns how much longer a rejection may mean that clocks differ; `None` after that.
    pub(in crate::lifecycle) fn grace_left(&self) -> Option<Duration> {
        let left = self.held.grace_until.saturating_sub(self.age);
        (!left.is_zero()).then_some(left)
    }

    /// Returns how much longer it may be used.
    #[inline]
    pub(in crate::lifecycle) fn usable_for(&self) -> Duration {
        self.held.unusable_from.saturating_sub(self.age)
    }

    pub(in crate::lifecycle) fn is_usable(&self) -> bool {
        self.age < self.held.unusable_from
    }

    pub(in crate::lifecycle) fn state(&self) -> TokenState {
        if !self.is_usable() {
            TokenState::Expired
        } else if self.age >= self.held.due_from {
            TokenState::Due
        } else {
            TokenState::Fresh
        }
    }

    /// Reports whether the token may be used for this long, or at least for as long as every fresh token. A
    /// token that has just arrived is good enough: another request would bring nothing better.
    pub(in crate::lifecycle) fn is_good_for(&self, validity: Duration) -> bool {
        let is_just_in = || self.now.since(self.held.arrived) < self.held.grace_until;
        let is_enough = || self.usable_for() >= validity.min(self.held.longest_validity);
        validity.is_zero() || is_enough() || is_just_in()
    }

    /// Reports whether it serves this need and is not due for renewal, as in nearly every call.
    #[inline]
    pub(in crate::lifecycle) fn is_all_that_is_needed(&self, need: Need) -> bool {
        self.age < self.held.due_from && self.serves(need)
    }

    /// Reports whether it serves this need: it is usable, newer than the rejected ones, and valid for as
    /// long as required.
    pub(in crate::lifecycle) fn serves(&self, need: Need) -> bool {
        self.is_usable()
            && self.is_good_for(need.min_validity())
            && !need.excludes(self.held.generation)
    }

    /// Reports whether this caller needs a newer token.
    pub(in crate::lifecycle) fn is_too_old_for(&self, need: Need) -> bool {
        need.excludes(self.held.generation)
    }

    /// Returns the token for storage, with the time by the wall clock at which it was issued; `None` if
    /// that is before the Unix epoch, since any later time would make the token seem younger.
    pub(in crate::lifecycle) fn store(&self) -> Option<StoredToken> {
        let born = self.now.wall.checked_sub(self.age)?;
        let token = self.held.token.clone();
        Some(StoredToken::new(token, self.held.lifetime, born))
    }

    #[inline]
    pub(in crate::lifecycle) fn lend(&self) -> LiveToken {
        LiveToken {
            token: self.held.token.clone(),
            generation: self.held.generation,
            usable_for: self.usable_for(),
        }
    }
}

#[cfg(test)]
impl HeldToken {
    /// Hashes everything that matters from now on, without absolute times.
    pub(in crate::lifecycle) fn project(&self, now: Moment, into: &mut impl Hasher) {
        let age = self.at(now).age.min(self.unusable_from);
        let since_arrival = now.since(self.arrived).min(self.grace_until);
        let marks = [self.due_from, self.unusable_from, self.grace_until];
        (age, since_arrival, marks, self.longest_validity).hash(into);
    }
}
