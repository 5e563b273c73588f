//! Rejections, new credentials and stored tokens.

use edx_auth_core::RenewalReason;

use super::time::{MILLI, Time};
use super::{Model, Need, Phase, Token};
use crate::action::Mark;
use crate::report::{Rejected, Report};

impl Model {
    pub(crate) fn invalidate(&mut self, generation: u64) -> Rejected {
        let held = self
            .token
            .clone()
            .filter(|token| token.generation == generation);
        let Some(token) = held else {
            return Rejected::AlreadyReplaced;
        };
        if self.age(&token) < self.young(&token) {
            let wait = self.left(Mark::Grown).max(MILLI);
            return Rejected::TooYoung { wait };
        }
        if self.is_usable(&token) {
            self.counts[2] += 1;
            self.rejected = Some(generation);
            self.rejections.in_a_row = self.rejections_in_a_row();
            self.rejections.heard = self.now;
            self.owed = self.owed.or(Some(RenewalReason::Rejected));
        }
        let need = Need {
            validity: 0,
            rejected: Some(generation),
        };
        let rejections = match self.why_ask(need) {
            Some(RenewalReason::Rejected) => self.left(Mark::NextRejection),
            _ => 0,
        };
        let pause = match self.asking_now() {
            Phase::BackingOff { .. } => self.left(Mark::NextAttempt),
            _ => 0,
        };
        Rejected::WillRenew {
            wait: rejections.max(pause).max(MILLI),
        }
    }

    pub(crate) fn force(&mut self) {
        if self.owed != Some(RenewalReason::NewCredentials) {
            self.owed = Some(RenewalReason::Forced);
        }
    }

    /// Ends attempts with the old credentials, and the backoff that they caused.
    pub(crate) fn change_credentials(&mut self) -> Report {
        self.credentials += 1;
        self.lasting_failures = 0;
        self.setback = self.setback.filter(|why| why.passes());
        if !matches!(self.phase, Phase::BackingOff { lasting: false, .. }) {
            self.phase = Phase::Idle;
        }
        self.owed = Some(RenewalReason::NewCredentials);
        Report::CredentialsChanged
    }

    pub(crate) fn restore(&mut self, (name, life, born): (u8, Time, Time), jitter: u32) -> Report {
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
            return Report::NotRestored;
        }
        self.owed = self
            .owed
            .filter(|reason| *reason != RenewalReason::Rejected);
        Report::Restored {
            usable_for: self.usable_for(&token),
            generation: self.hold(token),
        }
    }

    /// Returns the cached token: name, lifetime and time of issue by the wall clock.
    pub(crate) fn export(&self) -> Option<(u8, Time, Time)> {
        let is_rejected = |token: &Token| self.rejected == Some(token.generation);
        let good = |token: &&Token| self.is_usable(token) && !is_rejected(token);
        let token = self.token.as_ref().filter(good)?;
        let born = self.now.wall - self.age(token);
        (born >= 0).then_some((token.name, token.life, born))
    }
}
