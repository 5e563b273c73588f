//! What callers get: a token, a wait or an error, and what to do after an API rejected their token.

use alloc::boxed::Box;
use core::time::Duration;

use super::credentials::Provision;
use super::fixed::FixedToken;
use super::{CredentialsOrigin, Elected, Supply, TokenAgent};
use crate::jitter::Jitter;
use crate::lifecycle::{
    Attempt, Event, Generation, Health, Invalidation, LiveToken, Need, RenewalError, Step,
    StoredToken, TokenError, WaitBudget,
};
use crate::resource::Deprecation;
use crate::time::Moment;

/// What a caller that asked for a token has to do.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a driver has to handle every arm")]
#[must_use = "it says whether to wait"]
pub enum Acquire {
    /// Use this token.
    Ready(LiveToken),
    /// Wait at most this long, or until something was reported to the agent; then call
    /// [`acquire`](TokenAgent::acquire) again with the same budget.
    Wait(Duration),
    /// Give up: there is no token, because of this error.
    Failed(TokenError),
}

impl TokenAgent {
    /// Returns the time limit of a caller that starts to wait for a token now: the default
    /// [`token_timeout`](Self::token_timeout).
    #[must_use]
    pub fn wait_budget(&self, now: Moment) -> WaitBudget {
        WaitBudget::new(self.token_timeout(), now)
    }

    /// Returns a usable token, or how long to wait for one. Never blocks.
    ///
    /// A token that is due for renewal is handed out at once, and its renewal becomes
    /// [work](Self::poll_work).
    #[inline]
    pub fn acquire(&mut self, need: Need, budget: &WaitBudget, now: Moment) -> Acquire {
        match self.cached(need, now) {
            Some(token) => Acquire::Ready(token),
            None => self.acquire_further(need, budget, now),
        }
    }

    /// Returns the cached token if it serves this need and is not due for renewal, as before nearly
    /// every API call. Otherwise call [`acquire`](Self::acquire).
    #[inline]
    #[must_use]
    pub fn cached(&self, need: Need, now: Moment) -> Option<LiveToken> {
        match self.supply.fixed() {
            Some(fixed) => fixed.cached(need, now),
            None => self.lifecycle.cached(need, now),
        }
    }

    /// Returns the cached token if it may be used, due for renewal or not. Elects no caller: for those
    /// that follow the token and do not use it.
    #[must_use]
    pub fn current(&self, now: Moment) -> Option<LiveToken> {
        match self.supply.fixed() {
            Some(fixed) => fixed.cached(Need::any(), now),
            None => self.lifecycle.current(now),
        }
    }

    fn acquire_further(&mut self, need: Need, budget: &WaitBudget, now: Moment) -> Acquire {
        if self.supply.fixed().is_some() {
            return Acquire::Failed(TokenError::fixed());
        }
        let wait = match self.lifecycle.step(need, now) {
            Step::Use(token) => return Acquire::Ready(token),
            Step::Renew(token, attempt) => {
                self.elect(attempt);
                return Acquire::Ready(token);
            }
            Step::Fetch(attempt) => {
                self.elect(attempt);
                self.join(self.lifecycle.in_flight(now), budget, now)
            }
            Step::Join { wait, error } => self.join((wait, error), budget, now),
            Step::BackOff { wait, error } if self.may_end_by_credentials(&error) => {
                budget.join(wait, Some(error), now)
            }
            Step::BackOff { wait, error } => budget.back_off(wait, error, now),
        };
        wait.map_or_else(Acquire::Failed, Acquire::Wait)
    }

    /// Waits for the attempt in flight, and no longer than its look into the store may take: a caller has to
    /// notice that it hangs.
    fn join(
        &self,
        (lease, error): (Duration, Option<RenewalError>),
        budget: &WaitBudget,
        now: Moment,
    ) -> Result<Duration, TokenError> {
        let look = self.longest_look(now).unwrap_or(lease);
        budget.join(lease.min(look), error, now)
    }

    fn elect(&mut self, attempt: Attempt) {
        let credentials = match self.origin {
            CredentialsOrigin::Request => Provision::Provided,
            CredentialsOrigin::Program => Provision::Missing,
        };
        self.elect_with(attempt, credentials);
    }

    pub(super) fn elect_with(&mut self, attempt: Attempt, credentials: Provision) {
        self.elected = Some(Elected {
            attempt,
            credentials,
            store_step: self.first_store_step,
        });
    }

    /// Records that an API rejected the token of this generation with a 401. Other callers still get that
    /// token until it is replaced; the caller that reports it should ask for a [newer](Need::newer_than)
    /// one.
    #[doc(alias = "401")]
    pub fn invalidate(&mut self, generation: Generation, now: Moment) -> Invalidation {
        match &mut self.supply {
            Supply::Fixed(fixed) => fixed.invalidate(),
            Supply::Process | Supply::Endpoint(_) => self.lifecycle.invalidate(generation, now),
        }
    }

    /// Asks for a new token even if the cached one is usable. Returns the need with which a caller
    /// [acquires](Self::acquire) the new one. However many callers ask at once, one token is requested.
    #[doc(alias = "refresh")]
    pub fn renew_now(&mut self) -> Need {
        match self.supply.fixed() {
            Some(_) => FixedToken::NEWER,
            None => self.lifecycle.renew_now(),
        }
    }

    /// Caches a stored token if it outlives the cached one. Its age is what the wall clock counted since
    /// it was issued; a token that was issued in the future is not taken.
    pub fn restore(&mut self, stored: StoredToken, now: Moment, jitter: Jitter) -> Event {
        match self.supply.fixed() {
            Some(_) => Event::NotRestored,
            None => self.lifecycle.restore(stored, now, jitter),
        }
    }

    /// Returns the cached token for storage; `None` if it may not be used, if an API rejected it, if it is
    /// fixed, or if it is older than the wall clock can say.
    #[must_use]
    pub fn export(&self, now: Moment) -> Option<StoredToken> {
        self.lifecycle.export(now)
    }

    /// Returns a snapshot of the token's state, for logs and health checks.
    #[must_use]
    pub fn health(&self, now: Moment) -> Health {
        let health = match self.supply.fixed() {
            Some(fixed) => fixed.health(now),
            None => self.lifecycle.health(now),
        };
        Health {
            deprecated: self.deprecations.as_ref().map_or(0, |met| met.count),
            ..health
        }
    }

    /// Counts a deprecation, and returns it if it is to be told.
    pub(crate) fn met(&mut self, found: Box<Deprecation>, now: Moment) -> Option<Box<Deprecation>> {
        let met = self.deprecations.get_or_insert_default();
        met.is_news(&found, now).then_some(found)
    }
}
