//! The work that an agent hands out, and the tickets that identify it.

use alloc::sync::Arc;
use core::time::Duration;

use http::Request;

use crate::exchange::{FormBody, TokenExchange, TransportRules};
use crate::lifecycle::RenewalReason;

/// One piece of work. Do it, and report the result to the agent that handed it out.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a driver has to handle every arm")]
#[expect(
    clippy::large_enum_variant,
    reason = "one value for each token request, which is taken apart at once"
)]
#[must_use = "the agent hands out nothing else until this is reported"]
pub enum Work {
    /// Get the client credentials from the program, and report them to
    /// [`on_credentials`](super::TokenAgent::on_credentials).
    Credentials(CredentialsTicket),
    /// Look into the token store, after [claiming](StoreTicket::claim_within) the token request if the
    /// ticket says so, and report to [`on_stored`](super::TokenAgent::on_stored). Only for an agent that
    /// has a [store](super::TokenAgent::with_store), or whose token is
    /// [supplied](super::TokenAgent::supplied).
    Store(StoreTicket),
    /// Send this token request as the ticket's [rules](ExchangeTicket::rules) say. Report the response to
    /// [`on_response`](super::TokenAgent::on_response), or why there is none to
    /// [`on_failure`](super::TokenAgent::on_failure).
    Exchange(ExchangeTicket, Request<FormBody>),
}

/// A kind of [`Work`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a driver has to handle every arm")]
pub enum WorkKind {
    /// [`Work::Credentials`].
    Credentials,
    /// [`Work::Store`].
    Store,
    /// [`Work::Exchange`].
    Exchange,
}

/// Identifies a [`Work::Credentials`] when its result is reported. A ticket of another agent, or of
/// abandoned work, changes nothing.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
#[must_use = "the agent hands out nothing else until this comes back"]
pub struct CredentialsTicket(pub(super) Ticket);

/// Identifies a [`Work::Store`] when its result is reported. A ticket of another agent, or of
/// abandoned work, changes nothing.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
#[must_use = "the agent hands out nothing else until this comes back, or hangs"]
pub struct StoreTicket {
    pub(super) ticket: Ticket,
    claim_within: Option<Duration>,
}

/// Identifies a [`Work::Exchange`] when its result is reported. A ticket of another agent, or of
/// abandoned work, changes nothing.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
#[must_use = "the agent hands out nothing else until this comes back"]
pub struct ExchangeTicket {
    pub(super) ticket: Ticket,
    pub(super) exchange: TokenExchange,
    pub(super) reason: RenewalReason,
}

impl StoreTicket {
    /// How long a store may take to read or to save, beside the wait for a claim: 2 s. After that it hangs,
    /// and its agent goes on without it.
    pub const READ_WITHIN: Duration = Duration::from_secs(2);

    pub(super) fn new(ticket: Ticket, claim_within: Option<Duration>) -> Self {
        Self {
            ticket,
            claim_within,
        }
    }

    /// Returns how long to wait for the right to request a token, which one process has at a time.
    /// `None`: just read. Look again after the claim, and hold it until the token is saved or the
    /// attempt has failed.
    #[must_use]
    pub fn claim_within(&self) -> Option<Duration> {
        self.claim_within
    }
}

impl ExchangeTicket {
    /// Returns the rules for the transport.
    #[must_use]
    pub fn rules(&self) -> TransportRules {
        self.exchange.rules()
    }

    /// Returns why the token is requested.
    #[must_use]
    pub fn reason(&self) -> RenewalReason {
        self.reason
    }
}

/// The agent that handed out a piece of work, and the number of that piece.
#[derive(Clone, Debug)]
pub(super) struct Ticket {
    agent: Arc<()>,
    number: u64,
}

/// Numbers the work of one agent.
#[derive(Debug)]
#[cfg_attr(test, derive(Clone))]
pub(super) struct Tickets {
    agent: Arc<()>,
    last: u64,
}

impl Tickets {
    pub(super) fn new() -> Self {
        Self {
            agent: Arc::new(()),
            last: 0,
        }
    }

    pub(super) fn next(&mut self) -> Ticket {
        self.last += 1;
        Ticket {
            agent: Arc::clone(&self.agent),
            number: self.last,
        }
    }

    /// Reports whether this ticket is the last one that this agent handed out.
    pub(super) fn is_last(&self, ticket: &Ticket) -> bool {
        Arc::ptr_eq(&self.agent, &ticket.agent) && self.last == ticket.number
    }
}
