//! An agent whose token another process keeps fresh: it reads it again and again, and requests none.

use alloc::sync::Arc;
use core::error::Error;
use core::time::Duration;

use super::Acquire;
use super::store::Look;
use super::work::{StoreTicket, Tickets, Work};
use crate::jitter::Jitter;
use crate::lifecycle::{
    Attempt, Event, Need, RenewalError, RenewalPolicy, Step, StoredToken, TokenLifecycle,
    WaitBudget,
};
use crate::time::Moment;

#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Supplied {
    pub(super) lifecycle: TokenLifecycle,
    pub(super) token_timeout: Duration,
    elected: Option<Attempt>,
    look: Option<Look>,
    tickets: Tickets,
}

impl Supplied {
    pub(super) fn new(policy: RenewalPolicy) -> Self {
        Self {
            lifecycle: TokenLifecycle::new(policy),
            token_timeout: TOKEN_TIMEOUT,
            elected: None,
            look: None,
            tickets: Tickets::new(),
        }
    }

    pub(super) fn acquire(&mut self, need: Need, budget: &WaitBudget, now: Moment) -> Acquire {
        let wait = match self.lifecycle.step(need, now) {
            Step::Use(token) => return Acquire::Ready(token),
            Step::Renew(token, attempt) => {
                self.elected = Some(attempt);
                return Acquire::Ready(token);
            }
            Step::Fetch(attempt) => {
                self.elected = Some(attempt);
                let (wait, error) = self.lifecycle.in_flight(now);
                budget.join(wait, error, now)
            }
            Step::Join { wait, error } => budget.join(wait, error, now),
            Step::BackOff { wait, error } => budget.back_off(wait, error, now),
        };
        wait.map_or_else(Acquire::Failed, Acquire::Wait)
    }

    /// Reports whether the token is to be read now: no reading is under way, unless it hangs.
    pub(super) fn has_work(&self, now: Moment) -> bool {
        let is_reading = self.look.is_some_and(|look| look.left(now).is_some());
        let is_live = |attempt| self.lifecycle.is_live(attempt, now);
        !is_reading && self.elected.as_ref().is_some_and(is_live)
    }

    pub(super) fn poll_work(&mut self, now: Moment) -> Option<Work> {
        self.has_work(now).then(|| {
            self.look = Some(Look::starting(None, now));
            Work::Store(StoreTicket::new(self.tickets.next(), None))
        })
    }

    /// Takes what was read. Anything but a usable token that is not older than the cached one is a failure
    /// that passes, and the cached token stays.
    pub(super) fn on_stored(
        &mut self,
        ticket: &StoreTicket,
        stored: Result<Option<StoredToken>, Arc<dyn Error + Send + Sync>>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        if !self.tickets.is_last(&ticket.ticket) {
            return Event::Stale;
        }
        self.look = None;
        let Some(attempt) = self.elected.take() else {
            return Event::Stale;
        };
        match stored {
            Ok(Some(stored)) => self.lifecycle.supply(attempt, stored, now, jitter),
            Ok(None) => self
                .lifecycle
                .fail(attempt, RenewalError::NotSupplied(None), now, jitter),
            Err(error) => {
                let error = RenewalError::NotSupplied(Some(error));
                self.lifecycle.fail(attempt, error, now, jitter)
            }
        }
    }

    pub(super) fn on_worker_lost(&mut self, now: Moment, jitter: Jitter) -> Event {
        // A ticket that is still out no longer counts.
        let _invalid = self.tickets.next();
        self.look = None;
        let error = RenewalError::Abandoned;
        let lost = self.elected.take();
        lost.map_or(Event::Stale, |attempt| {
            self.lifecycle.fail(attempt, error, now, jitter)
        })
    }
}

/// A process that starts together with the one that writes the token waits this long for it.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(25);
