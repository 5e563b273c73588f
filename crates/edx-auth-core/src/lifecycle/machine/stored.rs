//! Tokens that come from elsewhere: restored, shared by a store, or supplied by another process.

use alloc::sync::Arc;

use super::{
    Attempt, Event, HeldToken, HeldTokenAt, Jitter, Moment, Need, RenewalError, RenewalReason,
    TokenLifecycle,
};
use crate::lifecycle::{StoredToken, StoredTokenError};

impl TokenLifecycle {
    /// Takes a stored token if it outlives the cached one. It keeps its age. A token from the future
    /// is rejected, since some clock is wrong.
    pub(crate) fn restore(&mut self, stored: StoredToken, now: Moment, jitter: Jitter) -> Event {
        let is_ahead = stored.is_ahead(now, self.policy.birth_tolerance(stored.lifetime));
        let held = self.aged(stored, now, jitter);
        if is_ahead || !self.is_better(&held, now) {
            return Event::NotRestored;
        }
        let reason = self.pending_renewal;
        self.pending_renewal = reason.filter(|reason| *reason != RenewalReason::Rejected);
        self.restored(held, now)
    }

    /// Returns a stored token with the age that it has now.
    fn aged(&self, stored: StoredToken, now: Moment, jitter: Jitter) -> HeldToken {
        let age = stored.age(now);
        let token = (stored.token, stored.lifetime);
        HeldToken::new(token, (now, age), &self.policy, jitter)
    }

    /// Caches a token that was not requested.
    fn restored(&mut self, held: HeldToken, now: Moment) -> Event {
        let usable_for = held.usable_for(now);
        Event::Restored {
            generation: self.hold(held),
            usable_for,
        }
    }

    /// Returns the cached token for storage; `None` if it may not be used, if an API rejected it, or if
    /// it is older than the wall clock can say.
    pub(crate) fn export(&self, now: Moment) -> Option<StoredToken> {
        let held = self.held_at(now).filter(HeldTokenAt::is_usable)?;
        let is_rejected = self.rejected == Some(held.generation());
        held.store().filter(|_| !is_rejected)
    }

    /// Takes a token from the store that this attempt looks into, as [`restore`](Self::restore) does. The
    /// attempt ends if that token leaves nothing to ask for; otherwise it comes back.
    pub(crate) fn share(
        &mut self,
        attempt: Attempt,
        stored: StoredToken,
        now: Moment,
        jitter: Jitter,
    ) -> (Event, Option<Attempt>) {
        let event = self.restore(stored, now, jitter);
        if !matches!(event, Event::Restored { .. }) || !self.is_elected(&attempt) {
            return (event, Some(attempt));
        }
        // The store keeps the tokens of each client credentials apart.
        let reason = self.pending_renewal;
        self.pending_renewal = reason.filter(|reason| *reason == RenewalReason::Forced);
        if self.wanted(Need::any(), self.held_at(now)).is_some() {
            return (event, Some(attempt));
        }
        self.conclude(&attempt, now);
        (event, None)
    }

    /// Ends an attempt with the token that another process has left. The cached token, if it is still
    /// there, is good until it is read again.
    pub(crate) fn supply(
        &mut self,
        attempt: Attempt,
        stored: StoredToken,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        let mut read = self.aged(stored, now, jitter).read_again_at_a_third();
        if let Err(error) = self.check_supplied(&read, &attempt, now) {
            let error = RenewalError::NotSupplied(Some(Arc::new(error)));
            return self.fail(attempt, error, now, jitter);
        }
        self.conclude(&attempt, now);
        self.pending_renewal = None;
        if let Some(own) = self.held.as_ref().filter(|own| read.is_same_token(own)) {
            read.generation = own.generation;
            self.held = Some(read);
            return Event::NotRestored;
        }
        self.restored(read, now)
    }

    /// Checks that a token that was read may be used, and is the cached one or outlives it. The cached one
    /// does not serve those that need another.
    fn check_supplied(
        &self,
        read: &HeldToken,
        attempt: &Attempt,
        now: Moment,
    ) -> Result<(), StoredTokenError> {
        let asks_for_another =
            |reason| matches!(reason, RenewalReason::Rejected | RenewalReason::Forced);
        let wants_another =
            asks_for_another(attempt.reason) || self.pending_renewal.is_some_and(asks_for_another);
        let own = self.held.as_ref();
        let is_own = own.is_some_and(|own| read.is_same_token(own));
        if !read.is_usable(now) {
            Err(StoredTokenError::Expired)
        } else if is_own && wants_another {
            Err(StoredTokenError::Unchanged)
        } else if is_own || self.is_better(read, now) {
            Ok(())
        } else {
            Err(StoredTokenError::Older)
        }
    }
}
