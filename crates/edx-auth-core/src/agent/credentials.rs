//! Client credentials that the program provides when it is asked, or sets when it likes.

use alloc::boxed::Box;
use core::error::Error;
use core::mem;
use core::time::Duration;

use super::work::{CredentialsTicket, Work};
use super::worker::Worker;
use super::{Elected, Supply, TokenAgent};
use crate::exchange::{ClientCredentials, TokenRequest};
use crate::jitter::Jitter;
use crate::lifecycle::{Event, Need, RenewalError, RenewalReason, Step};
use crate::time::Moment;

/// Where the client credentials of a token request come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum CredentialsOrigin {
    /// From the token request, until the program sets others.
    Request,
    /// From the program, before each token request.
    Program,
}

/// The client credentials for one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Provision {
    /// The program is to be asked for them first.
    Missing,
    /// The agent has them.
    Provided,
    /// The program provided them instead of others that the token endpoint had just rejected.
    Replaced,
}

/// The credentials, or why the program cannot provide them.
type Provided = Result<ClientCredentials, Box<dyn Error + Send + Sync>>;

impl TokenAgent {
    pub(super) fn ask(&mut self) -> Work {
        self.is_change_announced = false;
        self.worker = match mem::replace(&mut self.worker, Worker::Asking) {
            Worker::Rejected(rejected) => Worker::AskingAgain(rejected),
            _ => Worker::Asking,
        };
        Work::Credentials(CredentialsTicket(self.tickets.next()))
    }

    /// Takes in the client credentials that [`Work::Credentials`] asked for.
    ///
    /// # Errors
    /// If `credentials` is an error, the attempt fails temporarily: all callers get the error, and a
    /// backoff follows.
    #[expect(clippy::needless_pass_by_value, reason = "a ticket counts once")]
    pub fn on_credentials(
        &mut self,
        ticket: CredentialsTicket,
        credentials: Provided,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        match (self.take_worker(&ticket.0), credentials) {
            (Worker::Asking, Ok(credentials)) => self.provided(credentials, now),
            (Worker::Asking, Err(error)) => {
                self.not_provided(RenewalError::Credentials(error.into()), now, jitter)
            }
            (Worker::AskingAgain(rejected), credentials) => {
                let (running, rejection) = *rejected;
                let event = self.fail(running, rejection, now, jitter);
                let others = credentials.ok();
                let replaced = others.and_then(|others| self.replace(others, now));
                replaced.unwrap_or(event)
            }
            _ => Event::Stale,
        }
    }

    /// Takes in the credentials that the program provided, for the elected attempt or because it
    /// announced a change. The lease starts again: a program that takes long to provide them still gets
    /// its token.
    fn provided(&mut self, credentials: ClientCredentials, now: Moment) -> Event {
        let lifecycle = &mut self.lifecycle;
        let extends_lease = |elected: &&mut Elected| lifecycle.extend_lease(&elected.attempt, now);
        let Some(elected) = self.elected.as_mut().filter(extends_lease) else {
            return self.set_credentials(credentials, now);
        };
        elected.credentials = Provision::Provided;
        // The token endpoint rejected these before the program set those in use, which are newer.
        let own = self.request().map(TokenRequest::credentials);
        let is_rejected = self.rejected.contains(&credentials);
        if is_rejected && own.is_some_and(|own| !self.rejected.contains(own)) {
            return Event::CredentialsUnchanged;
        }
        let event = self.use_credentials(credentials);
        if !is_rejected && matches!(event, Event::CredentialsChanged) {
            self.lifecycle.forget_denials();
        }
        event
    }

    fn not_provided(&mut self, error: RenewalError, now: Moment, jitter: Jitter) -> Event {
        let ended = self.end_elected(error.clone(), now, jitter);
        ended.unwrap_or(Event::Failed {
            error,
            reason: RenewalReason::NewCredentials,
            backoff: Duration::ZERO,
        })
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

    /// Uses these client credentials from now on. A token request with the old ones no longer counts,
    /// a backoff that they caused ends, and the cached token stays in use until a token for the new
    /// ones replaces it.
    ///
    /// The credentials in use, and those that the token endpoint rejected last, change nothing:
    /// calling this again and again never causes more than one token request.
    pub fn set_credentials(&mut self, credentials: ClientCredentials, now: Moment) -> Event {
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

    /// Makes the agent ask for the client credentials, because the program knows that they changed. The
    /// question becomes [work](Self::poll_work) as soon as no token request is under way or ready to be
    /// sent. The credentials that are then provided count as in
    /// [`set_credentials`](Self::set_credentials); a caller that has no token because of the old ones
    /// waits for them. Does nothing if the credentials are not
    /// [provided](Self::with_provided_credentials).
    pub fn credentials_changed(&mut self) {
        self.is_change_announced = self.origin == CredentialsOrigin::Program;
    }

    fn use_credentials(&mut self, credentials: ClientCredentials) -> Event {
        match &mut self.supply {
            Supply::Endpoint(request) if !credentials.is_same_pair(request.credentials()) => {
                *request = request.clone().with_credentials(credentials);
                Event::CredentialsChanged
            }
            _ => Event::CredentialsUnchanged,
        }
    }

    /// Reports whether the backoff after this error may end early, because the program announced a change
    /// of its credentials and has not provided the new ones yet.
    pub(super) fn may_end_by_credentials(&self, error: &RenewalError) -> bool {
        let are_on_their_way = self.is_change_announced || matches!(self.worker, Worker::Asking);
        are_on_their_way && !error.is_retryable()
    }
}
