//! Callers, who ask for tokens and have them refused.

use edx_auth_core::{Generation, Step};

use super::World;
use crate::model::Time;
use crate::told::{Answer, Next, needs, number};

impl World {
    pub(super) fn ask(&mut self, caller: u8, validity: Time) {
        let caller = usize::from(caller) % self.callers.len();
        let refused = self.callers[caller].refused;
        if let (_, Some(given)) = self.step(validity, refused) {
            let now = self.model.now;
            self.facts.served(number(given), refused.map(number), now);
            self.callers[caller].given = Some(given);
        }
    }

    /// One step of both; what was said, and which token was handed out.
    pub(super) fn step(
        &mut self,
        validity: Time,
        refused: Option<Generation>,
    ) -> (Next, Option<Generation>) {
        let (need, same_need) = needs(validity, refused);
        let step = self.lifecycle.step_for(need, self.now());
        let said = Next::from(&step);
        let (foreseen, ticket) = self.model.step(same_need);
        assert_eq!(said, foreseen);
        if let Next::Join { wait, .. } | Next::Pause { wait, .. } = said {
            self.facts.told_to_wait(wait, self.numbers.longest_wait());
        }
        let (token, attempt) = match step {
            Step::Use(token) => (Some(token), None),
            Step::Renew(token, attempt) => (Some(token), Some(attempt)),
            Step::Fetch(attempt) => (None, Some(attempt)),
            Step::Join { .. } | Step::Pause { .. } => (None, None),
        };
        if let Some((attempt, ticket)) = attempt.zip(ticket) {
            let lease = self.numbers.lease.time();
            let now = self.model.now.monotonic;
            self.facts.elected(ticket.election, now, lease);
            self.attempts.push((attempt, ticket, self.facts.real));
        }
        (said, token.map(|token| token.generation()))
    }

    pub(super) fn refuse(&mut self, caller: u8) {
        let caller = usize::from(caller) % self.callers.len();
        let Some(given) = self.callers[caller].given else {
            return;
        };
        let (before, now) = (self.shown(), self.now());
        let held = self.lifecycle.health(now);
        let answer = Answer::from(self.lifecycle.invalidate(given, now));
        assert_eq!(answer, self.model.invalidate(number(given)));
        let after = self.lifecycle.health(now);
        assert_eq!(held.generation, after.generation, "a refusal took a token");
        assert_eq!(held.usable_for, after.usable_for, "a refusal took a token");
        match answer {
            Answer::AlreadyReplaced => assert_eq!(self.shown(), before, "an old refusal"),
            Answer::TooYoung { wait } => {
                assert_eq!(self.shown(), before, "a young token's refusal");
                self.facts.told_to_wait(wait, self.numbers.longest_wait());
            }
            Answer::WillRenew { wait } => {
                self.facts.told_to_wait(wait, self.numbers.longest_wait());
                self.callers[caller].refused = Some(given);
            }
        }
    }
}
