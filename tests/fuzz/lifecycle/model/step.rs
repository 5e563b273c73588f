//! What a caller is told to do.

use edx_auth_core::{RenewalReason, TokenState};

use super::time::{MILLI, Time, since};
use super::{Asking, Model, Ticket, Token};
use crate::deed::Mark;
use crate::told::{Next, Why};

/// What a caller needs of a token.
#[derive(Clone, Copy)]
pub(crate) struct Need {
    pub(crate) validity: Time,
    /// This generation and those before it are of no use.
    pub(crate) refused: Option<u64>,
}

impl Model {
    /// One caller who is ready to wait for so long. A caller who is elected joins its own attempt.
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
        let is_refused = need
            .refused
            .is_some_and(|refused| token.generation <= refused);
        self.is_good_for(token, need.validity) && !is_refused
    }

    /// For as long as was asked, or as a fresh token surely is, or as good as can be had.
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
        let is_refused = self.owed.is_some() || need.refused >= Some(token.generation);
        match self.state() {
            _ if self.owed.as_ref().is_some_and(is_wish) => self.owed,
            TokenState::Expired => Some(RenewalReason::Expired),
            TokenState::Due => Some(RenewalReason::Due),
            _ if !self.is_good_for(token, need.validity) => Some(RenewalReason::Due),
            _ => is_refused.then_some(RenewalReason::Rejected),
        }
    }

    fn may_ask(&self, reason: RenewalReason) -> bool {
        let waits_its_turn = reason == RenewalReason::Rejected && self.left(Mark::Rung) > 0;
        self.asking_now() == Asking::Nobody && !waits_its_turn
    }

    fn elect(&mut self, reason: RenewalReason) -> Ticket {
        self.elections += 1;
        let election = self.elections;
        let until = self.now.monotonic + self.numbers.lease.time();
        self.asking = Asking::One { election, until };
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
            Asking::One { .. } if budget == 0 => {
                return Next::Failed {
                    why: passing,
                    wait: None,
                };
            }
            Asking::One { .. } => {
                let lease = self.left(Mark::Free).max(MILLI);
                return Next::Wait(lease.min(budget));
            }
            Asking::Paused { .. } => {
                let why = self.setback.expect("what it pauses for");
                (self.left(Mark::Free).max(MILLI), why)
            }
            Asking::Nobody => {
                let why = passing.unwrap_or(Why::Rejected);
                (self.left(Mark::Rung).max(MILLI), why)
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
