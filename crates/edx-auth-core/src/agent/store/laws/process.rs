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
    pub(super) requesting: Option<TokenRequest>,
    pub(super) using: Using,
    /// The number of its token.
    pub(super) held: u64,
}

/// A token request that is out.
#[derive(Clone)]
pub(super) struct TokenRequest {
    pub(super) ticket: ExchangeTicket,
    pub(super) key: usize,
    pub(super) claim: Option<Claim>,
    pub(super) since: Duration,
}

/// What a process uses the store for. While that takes long, its driver uses the store for nothing else, and
/// goes on without it.
#[derive(Clone, Default)]
pub(super) enum Using {
    #[default]
    Nothing,
    Looking(Look),
    /// It saves its token, since this time.
    Saving(Saved, Option<Claim>, Duration),
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
            requesting: None,
            using: Using::Nothing,
            held: 0,
        }
    }

    pub(super) fn uses_store(&self) -> bool {
        !matches!(self.using, Using::Nothing)
    }

    /// Reports whether the store has yet to learn of a claim or a token.
    pub(super) fn tells_the_store(&self) -> bool {
        match &self.using {
            Using::Nothing => false,
            Using::Looking(look) => look.seen.is_none() && look.ticket.claim_within().is_some(),
            Using::Saving(..) => true,
        }
    }

    /// Hashes everything that matters from now on.
    pub(super) fn project(&self, now: Moment, into: &mut impl Hasher) {
        (self.key, self.held).hash(into);
        self.agent.project(now, into);
        let requesting = self.requesting.as_ref();
        requesting
            .map(|request| (request.key, request.claim, age(request.since, now)))
            .hash(into);
        match &self.using {
            Using::Nothing => 0_u8.hash(into),
            Using::Looking(look) => {
                (1_u8, look.key, look.since, look.claim(), look.number()).hash(into);
            }
            Using::Saving(saved, claim, since) => {
                (2_u8, saved.number, claim, age(*since, now)).hash(into);
            }
        }
    }
}

impl Look {
    /// Returns the claim that the store has given.
    pub(super) fn claim(&self) -> Option<Claim> {
        self.seen.as_ref()?.claim
    }

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

/// Reports whether a save or a token request that began then counts as a failure by now: a token that was
/// issued at the same time is due.
pub(super) fn hangs(since: Duration, now: Moment) -> bool {
    age(since, now) == FRESH
}

/// Returns how old something is, as far as that matters.
fn age(since: Duration, now: Moment) -> Duration {
    now.monotonic.saturating_sub(since).min(FRESH)
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

/// For how long a token is fresh, by the policy of the processes.
const FRESH: Duration = Duration::from_secs(5);
