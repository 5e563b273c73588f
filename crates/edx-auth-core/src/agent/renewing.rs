//! An agent that renews its token: the lifecycle, the token request and the one worker.

#[cfg(test)]
mod projection;

use alloc::sync::Arc;
use core::error::Error;
use core::fmt;
use core::mem;
use core::time::Duration;

use super::Acquire;
use super::credentials::{CredentialsOrigin, RejectedCredentials};
use super::store::{Look, StoreStep, claim_within, longest_claim};
use super::work::{
    CredentialsTicket, ExchangeTicket, StoreTicket, Ticket, Tickets, Work, WorkKind,
};
use crate::exchange::{ClientCredentials, TokenExchange, TokenRequest};
use crate::jitter::Jitter;
use crate::lifecycle::{
    Attempt, Event, Need, RenewalError, RenewalPolicy, RenewalReason, RunningAttempt, Step,
    StoredToken, TokenLifecycle, WaitBudget,
};
use crate::time::Moment;
use crate::token::IssuedToken;

#[cfg_attr(test, derive(Clone))]
pub(super) struct Renewing {
    pub(super) lifecycle: TokenLifecycle,
    pub(super) request: TokenRequest,
    pub(super) token_timeout: Duration,
    origin: CredentialsOrigin,
    /// What each attempt does first in the token store, if there is one.
    first_store_step: StoreStep,
    rejected: RejectedCredentials,
    /// The program said that its credentials changed, and was not asked for them since.
    is_change_announced: bool,
    /// The elected attempt, until its token request is sent.
    elected: Option<Elected>,
    worker: Worker,
    tickets: Tickets,
}

/// An elected attempt whose token request is not yet sent.
#[cfg_attr(test, derive(Clone))]
struct Elected {
    attempt: Attempt,
    credentials: Provision,
    store_step: StoreStep,
}

/// The client credentials for one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Provision {
    /// The program is to be asked for them first.
    Missing,
    /// The agent has them.
    Provided,
    /// The program provided them instead of others that the token endpoint had just rejected.
    Replaced,
}

/// What the worker is doing. At most one piece of work is out at a time.
#[cfg_attr(test, derive(Clone))]
enum Worker {
    Idle,
    /// It asks the program for the credentials.
    Asking,
    /// It looks into the token store.
    Looking(Look),
    /// It sends the token request of this attempt.
    Sending(RunningAttempt, Provision),
    /// The token endpoint rejected the credentials: the program is to be asked for others.
    Rejected(RunningAttempt, RenewalError),
    /// It asks the program for others.
    AskingAgain(RunningAttempt, RenewalError),
}

impl Renewing {
    pub(super) fn new(request: TokenRequest, policy: RenewalPolicy) -> Self {
        let deadline = request.rules().deadline();
        Self {
            lifecycle: TokenLifecycle::new(policy.outlasting(deadline)),
            request,
            token_timeout: RenewalPolicy::longer_than(deadline),
            origin: CredentialsOrigin::Request,
            first_store_step: StoreStep::Done,
            rejected: RejectedCredentials::default(),
            is_change_announced: false,
            elected: None,
            worker: Worker::Idle,
            tickets: Tickets::new(),
        }
    }

    /// Makes each attempt look into a token store first. By default, callers wait longer for a token, by the
    /// time that another process may hold its claim.
    pub(super) fn look_into_store(&mut self) {
        self.first_store_step = StoreStep::Read;
        let longest = longest_claim(self.request.rules().deadline());
        self.token_timeout = self.token_timeout.saturating_add(longest);
    }

    pub(super) fn ask_for_credentials(&mut self) {
        self.origin = CredentialsOrigin::Program;
    }

    #[inline]
    pub(super) fn acquire(&mut self, need: Need, budget: &WaitBudget, now: Moment) -> Acquire {
        match self.lifecycle.cached(need, now) {
            Some(token) => Acquire::Ready(token),
            None => self.acquire_further(need, budget, now),
        }
    }

    fn acquire_further(&mut self, need: Need, budget: &WaitBudget, now: Moment) -> Acquire {
        let wait = match self.lifecycle.step(need, now) {
            Step::Use(token) => return Acquire::Ready(token),
            Step::Renew(token, attempt) => {
                self.elect(attempt);
                return Acquire::Ready(token);
            }
            Step::Fetch(attempt) => {
                self.elect(attempt);
                let (wait, error) = self.lifecycle.in_flight(now);
                budget.join(self.until_store_hangs(wait, now), error, now)
            }
            Step::Join { wait, error } => {
                budget.join(self.until_store_hangs(wait, now), error, now)
            }
            Step::BackOff { wait, error } if self.may_end_by_credentials(&error) => {
                budget.join(wait, Some(error), now)
            }
            Step::BackOff { wait, error } => budget.back_off(wait, error, now),
        };
        wait.map_or_else(Acquire::Failed, Acquire::Wait)
    }

    /// Reports whether the backoff after this error may end early, because the program announced a change
    /// of its credentials and has not provided the new ones yet.
    fn may_end_by_credentials(&self, error: &RenewalError) -> bool {
        let are_on_their_way = self.is_change_announced || matches!(self.worker, Worker::Asking);
        are_on_their_way && !error.is_retryable()
    }

    /// Limits a wait to the time that the store may take: a caller has to notice that it hangs, before the
    /// token request or while the token is saved.
    fn until_store_hangs(&self, wait: Duration, now: Moment) -> Duration {
        let left = match &self.worker {
            Worker::Looking(look) => look.left(now),
            _ => None,
        };
        let left = left.or_else(|| self.first_store_step.longest_wait());
        left.map_or(wait, |left| left.min(wait))
    }

    fn elect(&mut self, attempt: Attempt) {
        let credentials = match self.origin {
            CredentialsOrigin::Request => Provision::Provided,
            CredentialsOrigin::Program => Provision::Missing,
        };
        self.elect_with(attempt, credentials);
    }

    fn elect_with(&mut self, attempt: Attempt, credentials: Provision) {
        self.elected = Some(Elected {
            attempt,
            credentials,
            store_step: self.first_store_step,
        });
    }

    pub(super) fn next_work(&self, now: Moment) -> Option<WorkKind> {
        let is_live = |elected: &&Elected| self.lifecycle.is_live(&elected.attempt, now);
        match (&self.worker, self.elected.as_ref().filter(is_live)) {
            (Worker::Asking | Worker::Sending(..) | Worker::AskingAgain(..), _) => None,
            (Worker::Rejected(..), _) => Some(WorkKind::Credentials),
            // An announced change comes second, or a program that announces one again and again
            // would hold back every token request.
            (Worker::Idle, Some(elected)) => Some(match elected.credentials {
                Provision::Missing => WorkKind::Credentials,
                Provision::Provided | Provision::Replaced => elected.store_step.kind(),
            }),
            (Worker::Idle, None) => self.is_change_announced.then_some(WorkKind::Credentials),
            (Worker::Looking(look), _) if look.left(now).is_some() => None,
            // It hangs.
            (Worker::Looking(_), elected) => elected.map(|elected| match elected.credentials {
                Provision::Missing => WorkKind::Credentials,
                Provision::Provided | Provision::Replaced => WorkKind::Exchange,
            }),
        }
    }

    pub(super) fn poll_work(&mut self, now: Moment) -> Option<Work> {
        match self.next_work(now)? {
            WorkKind::Credentials => Some(self.ask()),
            WorkKind::Store => self.look(now),
            WorkKind::Exchange => self.send(now),
        }
    }

    fn ask(&mut self) -> Work {
        self.is_change_announced = false;
        self.worker = match mem::replace(&mut self.worker, Worker::Asking) {
            Worker::Rejected(running, error) => Worker::AskingAgain(running, error),
            _ => Worker::Asking,
        };
        Work::Credentials(CredentialsTicket(self.tickets.next()))
    }

    /// Starts the next look into the store, and the lease again: what the store takes is not the token
    /// request's time.
    fn look(&mut self, now: Moment) -> Option<Work> {
        let elected = self.elected.as_mut()?;
        self.lifecycle.extend_lease(&elected.attempt, now);
        let deadline = self.request.rules().deadline();
        let claim_within = (elected.store_step == StoreStep::Claim)
            .then(|| claim_within(deadline, self.token_timeout));
        elected.store_step = elected.store_step.next();
        self.worker = Worker::Looking(Look::starting(claim_within, now));
        Some(Work::Store(StoreTicket::new(
            self.tickets.next(),
            claim_within,
        )))
    }

    fn send(&mut self, now: Moment) -> Option<Work> {
        let elected = self.elected.take()?;
        let reason = elected.attempt.reason();
        let running = self.lifecycle.begin(elected.attempt, now).ok()?;
        self.worker = Worker::Sending(running, elected.credentials);
        let (request, exchange) = self.request.begin();
        let ticket = ExchangeTicket {
            ticket: self.tickets.next(),
            exchange,
            reason,
        };
        Some(Work::Exchange(ticket, request))
    }

    pub(super) fn on_credentials(
        &mut self,
        ticket: &CredentialsTicket,
        credentials: Result<ClientCredentials, Arc<dyn Error + Send + Sync>>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        match (self.take_worker(&ticket.0), credentials) {
            (Worker::Asking, Ok(credentials)) => self.provided(credentials, now),
            (Worker::Asking, Err(error)) => self.not_provided(error, now, jitter),
            (Worker::AskingAgain(running, rejection), credentials) => {
                let event = self.fail(running, rejection, now, jitter);
                let others = credentials
                    .ok()
                    .and_then(|others| self.replace(others, now));
                others.unwrap_or(event)
            }
            _ => Event::Stale,
        }
    }

    /// What the store has for the old client credentials no longer counts.
    fn forget_look(&mut self) {
        if let Worker::Looking(_) = self.worker {
            self.worker = Worker::Idle;
            let _invalid = self.tickets.next();
        }
    }

    /// Takes what the store has. A token that leaves nothing to ask for ends the attempt.
    pub(super) fn on_stored(
        &mut self,
        ticket: &StoreTicket,
        stored: Result<Option<StoredToken>, Arc<dyn Error + Send + Sync>>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        let Worker::Looking(_) = self.take_worker(&ticket.ticket) else {
            return Event::Stale;
        };
        let stored = match stored {
            Ok(Some(stored)) if self.request.accepts(stored.token_type()) => stored,
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

    /// Takes in the credentials that the program provided, for the elected attempt or because it
    /// announced a change. The lease starts again: a program that takes long to provide them still gets
    /// its token.
    fn provided(&mut self, credentials: ClientCredentials, now: Moment) -> Event {
        let lifecycle = &mut self.lifecycle;
        let is_elected = |elected: &&mut Elected| lifecycle.extend_lease(&elected.attempt, now);
        let Some(elected) = self.elected.as_mut().filter(is_elected) else {
            return self.set_credentials(credentials, now);
        };
        elected.credentials = Provision::Provided;
        // The token endpoint rejected these before the program set those in use, which are newer.
        let is_behind = self.rejected.contains(&credentials)
            && !self.rejected.contains(self.request.credentials());
        if is_behind {
            return Event::CredentialsUnchanged;
        }
        self.use_credentials(credentials)
    }

    fn not_provided(
        &mut self,
        error: Arc<dyn Error + Send + Sync>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        let error = RenewalError::Credentials(error);
        match self.elected.take() {
            Some(elected) => self.lifecycle.fail(elected.attempt, error, now, jitter),
            None => Event::Failed {
                error,
                reason: RenewalReason::NewCredentials,
                backoff: Duration::ZERO,
            },
        }
    }

    /// Tries other credentials than the rejected ones at once, before any caller can see the
    /// rejection.
    fn replace(&mut self, others: ClientCredentials, now: Moment) -> Option<Event> {
        let event = self.set_credentials(others, now);
        if !matches!(event, Event::CredentialsChanged) {
            return None;
        }
        let step = self.lifecycle.step(Need::any(), now);
        if let Step::Fetch(attempt) | Step::Renew(_, attempt) = step {
            self.elect_with(attempt, Provision::Replaced);
        }
        Some(event)
    }

    pub(super) fn on_exchange(
        &mut self,
        ticket: ExchangeTicket,
        end: impl FnOnce(TokenExchange) -> Result<IssuedToken, RenewalError>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        let Worker::Sending(running, provision) = self.take_worker(&ticket.ticket) else {
            return Event::Stale;
        };
        let credentials = ticket.exchange.request().credentials().clone();
        let error = match end(ticket.exchange) {
            Ok(issued) => {
                self.rejected.forget(&credentials);
                return self.lifecycle.issued(running, issued, now, jitter);
            }
            Err(error) => error,
        };
        if error.is_invalid_client() {
            self.rejected.record(&credentials);
            if self.may_ask_again(&running, provision) {
                self.worker = Worker::Rejected(running, error);
                return Event::CredentialsRejected;
            }
        }
        self.fail(running, error, now, jitter)
    }

    /// Ends an attempt without a token. If the token endpoint rejected its credentials, and an attempt with
    /// the same credentials was elected in its place, this ends the later one: its token request would only
    /// be rejected too.
    fn fail(
        &mut self,
        running: RunningAttempt,
        error: RenewalError,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        let is_rejected = error.is_invalid_client();
        let successor = self
            .elected
            .take_if(|elected| is_rejected && running.has_credentials_of(&elected.attempt));
        let ended = successor.map_or(running.attempt, |elected| elected.attempt);
        self.lifecycle.fail(ended, error, now, jitter)
    }

    /// Reports whether to ask the program for other credentials after a rejection: once, and not if it set
    /// others meanwhile.
    fn may_ask_again(&self, running: &RunningAttempt, provision: Provision) -> bool {
        self.origin == CredentialsOrigin::Program
            && provision != Provision::Replaced
            && self.lifecycle.has_credentials_of(&running.attempt)
    }

    pub(super) fn on_worker_lost(&mut self, now: Moment, jitter: Jitter) -> Event {
        // A ticket that is still out no longer counts.
        let _invalid = self.tickets.next();
        let (running, error) = match mem::replace(&mut self.worker, Worker::Idle) {
            Worker::Sending(running, _) => (running, RenewalError::Abandoned),
            Worker::Rejected(running, error) | Worker::AskingAgain(running, error) => {
                (running, error)
            }
            Worker::Idle | Worker::Asking | Worker::Looking(_) => {
                return self.not_started(now, jitter);
            }
        };
        self.fail(running, error, now, jitter)
    }

    fn not_started(&mut self, now: Moment, jitter: Jitter) -> Event {
        self.is_change_announced = false;
        match self.elected.take() {
            Some(elected) => {
                let error = RenewalError::Abandoned;
                self.lifecycle.fail(elected.attempt, error, now, jitter)
            }
            None => Event::Stale,
        }
    }

    pub(super) fn set_credentials(&mut self, credentials: ClientCredentials, now: Moment) -> Event {
        if self.rejected.contains(&credentials) {
            return Event::CredentialsUnchanged;
        }
        let event = self.use_credentials(credentials);
        if let Event::CredentialsChanged = event {
            self.lifecycle.change_credentials(now);
            self.elected = None;
            self.forget_look();
        }
        event
    }

    pub(super) fn credentials_changed(&mut self) {
        self.is_change_announced = self.origin == CredentialsOrigin::Program;
    }

    fn use_credentials(&mut self, credentials: ClientCredentials) -> Event {
        if credentials.is_same_pair(self.request.credentials()) {
            return Event::CredentialsUnchanged;
        }
        self.request = self.request.clone().with_credentials(credentials);
        Event::CredentialsChanged
    }

    /// Takes the work that is out and leaves the worker idle, if this is its ticket. Otherwise returns
    /// `Idle`.
    fn take_worker(&mut self, ticket: &Ticket) -> Worker {
        match self.worker {
            Worker::Asking | Worker::Looking(_) | Worker::Sending(..) | Worker::AskingAgain(..)
                if self.tickets.is_last(ticket) =>
            {
                mem::replace(&mut self.worker, Worker::Idle)
            }
            _ => Worker::Idle,
        }
    }
}

impl fmt::Debug for Renewing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenAgent")
            .field("request", &self.request)
            .field("lifecycle", &self.lifecycle)
            .finish_non_exhaustive()
    }
}
