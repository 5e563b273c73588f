//! The one worker: which work is next, which is under way, and what follows if it is lost.

use alloc::boxed::Box;
use core::mem;

use super::credentials::Provision;
use super::store::{Look, StoreStep};
use super::work::{Ticket, Work, WorkKind};
use super::{Elected, TokenAgent};
use crate::jitter::Jitter;
use crate::lifecycle::{Event, RenewalError, RunningAttempt};
use crate::time::Moment;

/// What the worker is doing. At most one piece of work is out at a time. What exists only meanwhile is boxed:
/// nearly always it is idle.
#[cfg_attr(test, derive(Clone))]
pub(super) enum Worker {
    Idle,
    /// It asks the program for the credentials.
    Asking,
    /// It looks into the token store.
    Looking(Look),
    /// It sends the token request of this attempt.
    Sending(Box<RunningAttempt>, Provision),
    /// The token endpoint rejected the credentials: the program is to be asked for others.
    Rejected(Box<(RunningAttempt, RenewalError)>),
    /// It asks the program for others.
    AskingAgain(Box<(RunningAttempt, RenewalError)>),
}

impl Worker {
    /// Reports whether work is out whose result is waited for. Nothing waits for a look that hangs.
    fn is_busy(&self, now: Moment) -> bool {
        match self {
            Self::Idle | Self::Rejected(_) => false,
            Self::Looking(look) => look.left(now).is_some(),
            Self::Asking | Self::Sending(..) | Self::AskingAgain(_) => true,
        }
    }
}

impl Elected {
    /// Returns the work of an attempt that does this next in the store.
    fn work(&self, store_step: StoreStep) -> WorkKind {
        match self.credentials {
            Provision::Missing => WorkKind::Credentials,
            Provision::Provided | Provision::Replaced => store_step.kind(),
        }
    }
}

impl TokenAgent {
    /// Returns the next piece of work; `None` if there is none, or if one was handed out and is not yet
    /// reported.
    ///
    /// The lease of a token request and the age of its token count from this call, so call it only when
    /// the work can start at once. An attempt that waited for this call longer than its lease is dropped,
    /// since its callers have given up or will ask again.
    pub fn poll_work(&mut self, now: Moment) -> Option<Work> {
        match self.next_work(now)? {
            WorkKind::Credentials => Some(self.ask()),
            WorkKind::Store => self.look(now),
            WorkKind::Exchange => self.send(now),
        }
    }

    /// Returns what kind of work [`poll_work`](Self::poll_work) would hand out now.
    #[must_use]
    pub fn next_work(&self, now: Moment) -> Option<WorkKind> {
        let is_live = |elected: &&Elected| self.lifecycle.is_live(&elected.attempt, now);
        match (&self.worker, self.elected.as_ref().filter(is_live)) {
            (worker, _) if worker.is_busy(now) => None,
            (Worker::Rejected(_), _) => Some(WorkKind::Credentials),
            (Worker::Looking(_), elected) => {
                elected.map(|elected| elected.work(elected.store_step.past_a_hang()))
            }
            (_, Some(elected)) => Some(elected.work(elected.store_step)),
            // An announced change comes second, or a program that announces one again and again
            // would hold back every token request.
            (_, None) => self.is_change_announced.then_some(WorkKind::Credentials),
        }
    }

    /// Takes in that the work that was handed out, or that would be next, will not be done, because a
    /// thread could not start or panicked. The attempt fails temporarily.
    pub fn on_worker_lost(&mut self, now: Moment, jitter: Jitter) -> Event {
        // A ticket that is still out no longer counts.
        let _invalid = self.tickets.next();
        match mem::replace(&mut self.worker, Worker::Idle) {
            Worker::Sending(running, _) => {
                self.fail(*running, RenewalError::Abandoned, now, jitter)
            }
            Worker::Rejected(rejected) | Worker::AskingAgain(rejected) => {
                let (running, error) = *rejected;
                self.fail(running, error, now, jitter)
            }
            Worker::Idle | Worker::Asking | Worker::Looking(_) => {
                self.is_change_announced = false;
                let ended = self.end_elected(RenewalError::Abandoned, now, jitter);
                ended.unwrap_or(Event::Stale)
            }
        }
    }

    /// Ends the elected attempt, if there is one, before its token request was sent.
    pub(super) fn end_elected(
        &mut self,
        error: RenewalError,
        now: Moment,
        jitter: Jitter,
    ) -> Option<Event> {
        let elected = self.elected.take()?;
        Some(self.lifecycle.fail(elected.attempt, error, now, jitter))
    }

    /// Takes the work that is out and leaves the worker idle, if this is its ticket. Otherwise returns
    /// `Idle`.
    pub(super) fn take_worker(&mut self, ticket: &Ticket) -> Worker {
        match self.worker {
            Worker::Asking | Worker::Looking(_) | Worker::Sending(..) | Worker::AskingAgain(_)
                if self.tickets.is_last(ticket) =>
            {
                mem::replace(&mut self.worker, Worker::Idle)
            }
            _ => Worker::Idle,
        }
    }
}
