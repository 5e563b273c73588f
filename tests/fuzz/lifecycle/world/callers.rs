//! Callers, who ask for tokens and have them refused.

use edx_auth_core::{Acquire, Generation, WaitBudget};

use super::World;
use crate::model::{Time, duration};
use crate::told::{Answer, Next, needs, number};

impl World {
    pub(super) fn ask(&mut self, caller: u8, validity: Time) {
        let budgets = [0, 1, self.numbers.lease.time(), self.numbers.longest_wait()];
        let caller = usize::from(caller) % self.callers.len();
        let refused = self.callers[caller].refused;
        if let (_, Some(given)) = self.acquire((validity, refused), budgets[caller]) {
            let now = self.model.now;
            self.facts.served(number(given), refused.map(number), now);
            self.callers[caller].given = Some(given);
        }
    }

    /// One caller of both; what was said, and which token was handed out.
    pub(super) fn acquire(
        &mut self,
        (validity, refused): (Time, Option<Generation>),
        budget: Time,
    ) -> (Next, Option<Generation>) {
        let (need, same_need) = needs(validity, refused);
        let now = self.now();
        let step = self
            .agent
            .acquire(need, &WaitBudget::new(duration(budget), now), now);
        let said = Next::from(&step);
        let (foreseen, ticket) = self.model.acquire(same_need, budget);
        assert_eq!(said, foreseen);
        if let Next::Wait(wait) = said {
            self.facts
                .told_to_wait(wait, budget.min(self.numbers.longest_wait()));
        }
        if let Some(ticket) = ticket {
            let lease = self.numbers.lease.time();
            let now = self.model.now.monotonic;
            self.facts.elected(ticket.election, now, lease);
            self.elected = Some(ticket);
        }
        let token = match step {
            Acquire::Ready(token) => Some(token.generation()),
            Acquire::Wait(_) | Acquire::Failed(_) => None,
        };
        (said, token)
    }

    pub(super) fn refuse(&mut self, caller: u8) {
        let caller = usize::from(caller) % self.callers.len();
        let Some(given) = self.callers[caller].given else {
            return;
        };
        let (before, now) = (self.shown(), self.now());
        let held = self.agent.health(now);
        let answer = Answer::from(self.agent.invalidate(given, now));
        assert_eq!(answer, self.model.invalidate(number(given)));
        let after = self.agent.health(now);
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
