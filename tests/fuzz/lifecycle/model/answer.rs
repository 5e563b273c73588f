//! What comes of what programs and servers tell.

use edx_auth_core::RenewalReason;

use super::time::{MILLI, Time};
use super::{Asking, Model, Need, Token};
use crate::deed::Mark;
use crate::told::{Answer, Told};

impl Model {
    pub(crate) fn invalidate(&mut self, generation: u64) -> Answer {
        let held = self
            .token
            .clone()
            .filter(|token| token.generation == generation);
        let Some(token) = held else {
            return Answer::AlreadyReplaced;
        };
        if self.age(&token) < self.young(&token) {
            let wait = self.left(Mark::Grown).max(MILLI);
            return Answer::TooYoung { wait };
        }
        if self.is_usable(&token) {
            self.counts[2] += 1;
            self.refusals.in_a_row = self.refusals_in_a_row();
            self.refusals.heard = self.now.monotonic;
            self.owed = self.owed.or(Some(RenewalReason::Rejected));
        }
        let need = Need {
            validity: 0,
            refused: Some(generation),
        };
        let rung = match self.why_ask(need) {
            Some(RenewalReason::Rejected) => self.left(Mark::Rung),
            _ => 0,
        };
        let pause = match self.asking_now() {
            Asking::Paused { .. } => self.left(Mark::Free),
            _ => 0,
        };
        Answer::WillRenew {
            wait: rung.max(pause).max(MILLI),
        }
    }

    pub(crate) fn force(&mut self) {
        if self.owed != Some(RenewalReason::NewCredentials) {
            self.owed = Some(RenewalReason::Forced);
        }
    }

    /// Ends what was begun with the old ones, and a pause that they caused.
    pub(crate) fn change_credentials(&mut self) -> Told {
        self.credentials += 1;
        self.lasting_failures = 0;
        self.setback = self.setback.filter(|why| why.passes());
        if !matches!(self.asking, Asking::Paused { lasting: false, .. }) {
            self.asking = Asking::Nobody;
        }
        self.owed = Some(RenewalReason::NewCredentials);
        Told::CredentialsChanged
    }

    pub(crate) fn restore(&mut self, (name, life, born): (u8, Time, Time), jitter: u32) -> Told {
        let token = Token {
            name,
            generation: 0,
            known: (self.now, (self.now.wall - born).max(0)),
            arrived: self.now,
            life,
            jitter,
        };
        let tolerance = self.expiry_margin(&token).min(5_000 * MILLI);
        if born - self.now.wall > tolerance || !self.is_better(&token) {
            return Told::NotRestored;
        }
        self.owed = self
            .owed
            .filter(|reason| *reason != RenewalReason::Rejected);
        Told::Restored {
            usable_for: self.usable_for(&token),
            generation: self.hold(token),
        }
    }

    /// The token at hand: name, life and birth by the wall clock.
    pub(crate) fn export(&self) -> Option<(u8, Time, Time)> {
        let is_refused = self.owed == Some(RenewalReason::Rejected);
        let good = |token: &&Token| self.is_usable(token) && !is_refused;
        let token = self.token.as_ref().filter(good)?;
        let born = (self.now.wall - self.age(token)).max(0);
        Some((token.name, token.life, born))
    }
}
