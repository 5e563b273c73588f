//! One process of the search: an agent, and what its driver is doing.

use core::hash::{Hash, Hasher};
use core::time::Duration;

use super::super::super::laws::exchange::request;
use super::fleet::REQUEST;
use super::shelf::{Claim, Saved};
use crate::agent::{ExchangeTicket, StoreTicket, TokenAgent};
use crate::lifecycle::RenewalPolicy;
use crate::time::Moment;

#[derive(Clone)]
pub(super) struct Process {
    pub(super) agent: TokenAgent,
    /// The number of its client credentials.
    pub(super) key: usize,
    pub(super) doing: Doing,
    /// The number of its token.
    pub(super) held: u64,
}

/// The work that is out.
#[derive(Clone)]
pub(super) enum Doing {
    Nothing,
    Looking(Look),
    /// It requests a token, with these client credentials.
    Requesting(ExchangeTicket, usize, Option<Claim>),
    /// It saves its token.
    Saving(Saved, Option<Claim>),
}

/// A look into the store, with or without a claim.
#[derive(Clone)]
pub(super) struct Look {
    pub(super) ticket: StoreTicket,
    pub(super) key: usize,
    pub(super) since: Duration,
    /// What the store has returned: it may be old when the agent learns of it.
    pub(super) seen: Option<Seen>,
}

#[derive(Clone)]
pub(super) struct Seen {
    pub(super) claim: Option<Claim>,
    pub(super) saved: Option<Saved>,
}

impl Process {
    pub(super) fn new() -> Self {
        let request = request().deadline(REQUEST);
        Self {
            agent: TokenAgent::new(request, policy()).with_store(),
            key: 0,
            doing: Doing::Nothing,
            held: 0,
        }
    }

    /// Returns the claim that it has, if any.
    pub(super) fn claim(&self) -> Option<Claim> {
        match &self.doing {
            Doing::Nothing => None,
            Doing::Looking(look) => look.seen.as_ref().and_then(|seen| seen.claim),
            Doing::Requesting(_, _, claim) | Doing::Saving(_, claim) => *claim,
        }
    }

    /// Hashes everything that matters from now on.
    pub(super) fn project(&self, now: Moment, into: &mut impl Hasher) {
        (self.key, self.held, self.claim()).hash(into);
        self.agent.project(now, into);
        match &self.doing {
            Doing::Nothing => 0_u8.hash(into),
            Doing::Looking(look) => (1_u8, look.key, look.since, look.number()).hash(into),
            Doing::Requesting(_, key, _) => (2_u8, key).hash(into),
            Doing::Saving(saved, _) => (3_u8, saved.number).hash(into),
        }
    }
}

impl Look {
    /// Returns the number of the token that was seen, with 0 for none; `None` before.
    fn number(&self) -> Option<u64> {
        let seen = self.seen.as_ref()?;
        let number = seen.saved.as_ref().map(|saved| saved.number);
        Some(number.unwrap_or_default())
    }

    /// Reports whether it has waited for its claim for as long as it may.
    pub(super) fn has_waited(&self, now: Moment) -> bool {
        let within = self.ticket.claim_within();
        within.is_some_and(|within| now.monotonic >= self.since + within)
    }
}

/// Returns a policy under which a token of nine seconds is due after five.
fn policy() -> RenewalPolicy {
    RenewalPolicy::builder()
        .expiry_margin(SECOND)
        .renewal_margin(SECOND * 3)
        .skew_grace(SECOND)
        .transient_backoff(SECOND, SECOND)
        .build()
        .unwrap()
}

const SECOND: Duration = Duration::from_secs(1);
