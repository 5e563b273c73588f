//! The token request of an attempt, and how it ends.

use alloc::boxed::Box;
use core::time::Duration;

use http::Response;

use super::credentials::Provision;
use super::work::{ExchangeTicket, Work};
use super::worker::Worker;
use super::{CredentialsOrigin, TokenAgent};
use crate::error::TransportError;
use crate::exchange::TokenExchange;
use crate::jitter::Jitter;
use crate::lifecycle::{Event, RenewalError, RunningAttempt};
use crate::time::Moment;
use crate::token::IssuedToken;

impl TokenAgent {
    pub(super) fn send(&mut self, now: Moment) -> Option<Work> {
        let (request, exchange) = self.request()?.begin();
        let elected = self.elected.take()?;
        let reason = elected.attempt.reason();
        let running = self.lifecycle.begin(elected.attempt, now)?;
        self.worker = Worker::Sending(Box::new(running), elected.credentials);
        let ticket = ExchangeTicket {
            ticket: self.tickets.next(),
            exchange,
            reason,
        };
        Some(Work::Exchange(ticket, request))
    }

    /// Takes in the result of a token request, as [`on_response`](Self::on_response) or
    /// [`on_failure`](Self::on_failure).
    pub fn on_result<B: AsRef<[u8]>>(
        &mut self,
        ticket: ExchangeTicket,
        result: Result<Response<B>, impl Into<TransportError>>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        match result {
            Ok(response) => self.on_response(ticket, response, now, jitter),
            Err(error) => self.on_failure(ticket, error, now, jitter),
        }
    }

    /// Takes in the response to a token request, of any status, with its whole body.
    pub fn on_response<B: AsRef<[u8]>>(
        &mut self,
        ticket: ExchangeTicket,
        response: Response<B>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        let (head, body) = response.into_parts();
        let response = Response::from_parts(head, body.as_ref());
        let end = |exchange: TokenExchange| Ok(exchange.finish(response)?);
        self.on_exchange(ticket, end, now, jitter)
    }

    /// Takes in why a token request has no complete response.
    pub fn on_failure(
        &mut self,
        ticket: ExchangeTicket,
        error: impl Into<TransportError>,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        let error = error.into();
        let end = |exchange: TokenExchange| Err(exchange.fail(error).into());
        self.on_exchange(ticket, end, now, jitter)
    }

    /// Takes in that a token request is not sent, since the program allows itself none before this wait has
    /// passed. The attempt fails with [`RenewalError::OverLimit`], and backs off for at least that long.
    pub fn on_over_limit(
        &mut self,
        ticket: ExchangeTicket,
        wait: Duration,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        self.on_exchange(ticket, |_| Err(RenewalError::OverLimit(wait)), now, jitter)
    }

    fn on_exchange(
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
        match end(ticket.exchange) {
            Ok(issued) => {
                self.rejected.forget(&credentials);
                self.lifecycle.issued(*running, issued, now, jitter)
            }
            Err(error) if error.is_invalid_client() => {
                self.rejected.record(&credentials);
                if self.may_ask_again(&running, provision) {
                    self.worker = Worker::Rejected(Box::new((*running, error)));
                    return Event::CredentialsRejected;
                }
                self.fail(*running, error, now, jitter)
            }
            Err(error) => self.fail(*running, error, now, jitter),
        }
    }

    /// Reports whether to ask the program for other credentials after a rejection: once, and not if it set
    /// others meanwhile.
    fn may_ask_again(&self, running: &RunningAttempt, provision: Provision) -> bool {
        self.origin == CredentialsOrigin::Program
            && provision != Provision::Replaced
            && self.lifecycle.has_credentials_of(&running.attempt)
    }

    /// Ends an attempt without a token. If the token endpoint rejected its credentials, and an attempt with
    /// the same credentials was elected in its place, this ends the later one: its token request would only
    /// be rejected too.
    pub(super) fn fail(
        &mut self,
        running: RunningAttempt,
        error: RenewalError,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        let is_behind =
            error.is_invalid_client() && self.lifecycle.has_credentials_of(&running.attempt);
        let successor = self.elected.take_if(|_| is_behind);
        let ended = successor.map_or(running.attempt, |elected| elected.attempt);
        self.lifecycle.fail(ended, error, now, jitter)
    }
}
