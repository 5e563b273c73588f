//! The next step of a caller.

use edx_auth_core::{RenewalReason, TokenState};

use super::time::{MILLI, Time, since};
use super::{Model, Phase, Ticket, Token};
use crate::action::Mark;
use crate::report::{Next, Why};

/// What a caller requires of a token.
#[derive(Clone, Copy)]
pub(crate) struct Need {
    pub(crate) validity: Time,
    /// Tokens of this and earlier generations are rejected.
    pub(crate) rejected: Option<u64>,
}

impl Model {
    /// Returns the step of a caller that can wait for `budget`, and the ticket of its attempt if it is
    /// elected to make one.
    pub(crate) fn acquire(&mut self, need: Need, budget: Time) -> (Next, Option<Ticket>) {
        let given = self.token.as_ref();
        let given = given.filter(|token| self.is_usable(token) && self.satisfies(token, need));
        let given = given.map(|token| (token.generation, self.usable_for(token)));
        let reason = self.why_ask(need).filter(|reason| self.may_ask(*reason));
        let ticket = reason.map(|reason| self.elect(reason));
        let next = match given {
            Some((token, usable_for)) => Next::Ready { token, usable_for },
            None => self.what_hinders(budget),
        };
        (next, ticket)
    }

    fn satisfies(&self, token: &Token, need: Need) -> bool {
        let is_rejected = need
            .rejected
            .is_some_and(|rejected| token.generation <= rejected);
        self.is_good_for(token, need.validity) && !is_rejected
    }

    /// Returns whether the token is valid for as long as required. Two more are good enough, because a new
    /// one might not be better: a fresh token, and one that is not yet due.
    fn is_good_for(&self, token: &Token, validity: Time) -> bool {
        let surely = (self.renewal_margin(token) - self.expiry_margin(token)).max(0);
        let has_just_come = since(token.arrived, self.now) < self.young(token);
        validity == 0 || self.usable_for(token) >= validity.min(surely) || has_just_come
    }

    pub(super) fn why_ask(&self, need: Need) -> Option<RenewalReason> {
        let Some(token) = &self.token else {
            return self.owed.or(Some(RenewalReason::Cold));
        };
        let is_wish = |reason: &RenewalReason| *reason != RenewalReason::Rejected;
        let is_rejected = self.owed.is_some() || need.rejected >= Some(token.generation);
        match self.state() {
            _ if self.owed.as_ref().is_some_and(is_wish) => self.owed,
            TokenState::Expired => Some(RenewalReason::Expired),
            TokenState::Due => Some(RenewalReason::Due),
            _ if !self.is_good_for(token, need.validity) => Some(RenewalReason::Due),
            _ => is_rejected.then_some(RenewalReason::Rejected),
        }
    }

    fn may_ask(&self, reason: RenewalReason) -> bool {
        let waits_its_turn =
            reason == RenewalReason::Rejected && self.left(Mark::NextRejection) > 0;
        self.asking_now() == Phase::Idle && !waits_its_turn
    }

    fn elect(&mut self, reason: RenewalReason) -> Ticket {
        self.elections += 1;
        let election = self.elections;
        let leased = self.now.monotonic;
        self.phase = Phase::InFlight { election, leased };
        Ticket {
            election,
            credentials: self.credentials,
            reason,
            born: self.now,
        }
    }

    fn what_hinders(&self, budget: Time) -> Next {
        let passing = self.setback.filter(|why| why.passes());
        let (wait, why) = match self.asking_now() {
            Phase::InFlight { .. } if budget == 0 => {
                return Next::Failed {
                    why: passing,
                    wait: None,
                };
            }
            Phase::InFlight { .. } => {
                let lease = self.left(Mark::NextAttempt).max(MILLI);
                return Next::Wait(lease.min(budget));
            }
            Phase::BackingOff { .. } => {
                let why = self.setback.expect("a backoff has a cause");
                (self.left(Mark::NextAttempt).max(MILLI), why)
            }
            Phase::Idle => {
                let why = passing.unwrap_or(Why::Rejected);
                (self.left(Mark::NextRejection).max(MILLI), why)
            }
        };
        if wait <= budget && why.passes() {
            return Next::Wait(wait);
        }
        Next::Failed {
            why: Some(why),
            wait: Some(wait),
        }
    }
}
