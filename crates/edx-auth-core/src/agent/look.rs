//! Looks at what other processes leave: in a store that they share, or in place of a token request.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::error::Error;
use core::time::Duration;

use super::store::{Look, StoreStep, claim_within};
use super::work::{StoreTicket, Work};
use super::worker::Worker;
use super::{Elected, TokenAgent};
use crate::jitter::Jitter;
use crate::lifecycle::{Event, RenewalError, StoredToken};
use crate::time::Moment;

/// What a look finds: a token, none, or why the store cannot say.
type Found = Result<Option<StoredToken>, Arc<dyn Error + Send + Sync>>;

impl TokenAgent {
    /// Starts the next look into the store, and the lease again: what the store takes is not the token
    /// request's time.
    pub(super) fn look(&mut self, now: Moment) -> Option<Work> {
        let step = self.elected.as_ref()?.store_step;
        let claim_within = self.claim_within(step);
        let elected = self.elected.as_mut()?;
        elected.store_step = step.next();
        self.lifecycle.extend_lease(&elected.attempt, now);
        self.worker = Worker::Looking(Look::starting(claim_within, now));
        let ticket = StoreTicket::new(self.tickets.next(), claim_within);
        Some(Work::Store(ticket))
    }

    /// Returns how long this step waits for the claim of another process; `None` if it claims nothing.
    fn claim_within(&self, step: StoreStep) -> Option<Duration> {
        let request = self.request().filter(|_| step == StoreStep::Claim)?;
        Some(claim_within(
            request.rules().deadline(),
            self.token_timeout(),
        ))
    }

    /// Returns how long a caller waits at most before it asks again, if there is a store: one that hangs may
    /// do so before the token request, or while the token is saved.
    pub(super) fn longest_look(&self, now: Moment) -> Option<Duration> {
        let left = match &self.worker {
            Worker::Looking(look) => look.left(now),
            _ => None,
        };
        left.or_else(|| self.first_store_step.longest_wait())
    }

    /// Takes in what [`Work::Store`] found: a token, none, or why the store cannot say. A token that is usable
    /// and not yet due ends the attempt. After [`Event::StoreFailed`] it goes on with its next step.
    #[expect(clippy::needless_pass_by_value, reason = "a ticket counts once")]
    pub fn on_stored(
        &mut self,
        ticket: StoreTicket,
        stored: Result<Option<StoredToken>, Box<dyn Error + Send + Sync>>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        let stored = stored.map_err(Arc::from);
        match self.take_worker(&ticket.ticket) {
            Worker::Looking(_) if self.request().is_some() => self.shared(stored, now, jitter),
            Worker::Looking(_) => self.supplied_by(stored, now, jitter),
            _ => Event::Stale,
        }
    }

    /// Takes what the store has. A token that leaves nothing to ask for ends the attempt.
    fn shared(&mut self, found: Found, now: Moment, jitter: Jitter) -> Event {
        let accepts = |stored: &StoredToken| {
            let request = self.request();
            request.is_some_and(|request| request.accepts(stored.token_type()))
        };
        let stored = match found {
            Ok(Some(stored)) if accepts(&stored) => stored,
            Ok(_) => return Event::NotRestored,
            Err(error) => return Event::StoreFailed { error },
        };
        let Some(elected) = self.elected.take() else {
            return Event::NotRestored;
        };
        let (event, unended) = self.lifecycle.share(elected.attempt, stored, now, jitter);
        self.elected = unended.map(|attempt| Elected { attempt, ..elected });
        event
    }

    /// Takes what another process supplies. Anything but a usable token that is not older than the cached
    /// one is a failure that passes, and the cached token stays.
    fn supplied_by(&mut self, found: Found, now: Moment, jitter: Jitter) -> Event {
        let Some(Elected { attempt, .. }) = self.elected.take() else {
            return Event::Stale;
        };
        let cause = match found {
            Ok(Some(stored)) => return self.lifecycle.supply(attempt, stored, now, jitter),
            Ok(None) => None,
            Err(error) => Some(error),
        };
        let error = RenewalError::NotSupplied(cause);
        self.lifecycle.fail(attempt, error, now, jitter)
    }

    /// What the store has for the old client credentials no longer counts.
    pub(super) fn forget_look(&mut self) {
        if let Worker::Looking(_) = self.worker {
            self.worker = Worker::Idle;
            let _invalid = self.tickets.next();
        }
    }
}
