//! Callers that ask for tokens and report rejected ones.

use edx_auth_core::{Acquire, Generation, WaitBudget};

use super::World;
use crate::model::{Time, duration};
use crate::report::{Next, Rejected, needs, number};

impl World {
    pub(super) fn ask(&mut self, caller: u8, validity: Time) {
        let budgets = [0, 1, self.numbers.lease.time(), self.numbers.longest_wait()];
        let caller = usize::from(caller) % self.callers.len();
        let rejected = self.callers[caller].rejected;
        if let (_, Some(given)) = self.acquire((validity, rejected), budgets[caller]) {
            let now = self.model.now;
            self.facts.served(number(given), rejected.map(number), now);
            self.callers[caller].given = Some(given);
        }
    }

    /// Asks for a token as a caller that can wait for `budget`, and checks that agent and model take the same
    /// step. Returns the step, and the token's generation if there is one.
    pub(super) fn acquire(
        &mut self,
        (validity, rejected): (Time, Option<Generation>),
        budget: Time,
    ) -> (Next, Option<Generation>) {
        let (need, same_need) = needs(validity, rejected);
        let now = self.now();
        let step = self
            .agent
            .acquire(need, &WaitBudget::new(duration(budget), now), now);
        let said = Next::from(&step);
        let (foreseen, ticket) = self.model.acquire(same_need, budget);
        assert_eq!(said, foreseen);
        if let Next::Wait(wait) = said {
            self.facts
                .check_wait(wait, budget.min(self.numbers.longest_wait()));
        }
        if let Some(ticket) = ticket {
            let lease = self.numbers.lease.time();
            self.facts.elected(ticket.election, self.model.now, lease);
            self.elected = Some(ticket);
        }
        let token = match step {
            Acquire::Ready(token) => Some(token.generation()),
            Acquire::Wait(_) | Acquire::Failed(_) => None,
        };
        (said, token)
    }

    pub(super) fn reject(&mut self, caller: u8) {
        let caller = usize::from(caller) % self.callers.len();
        let Some(given) = self.callers[caller].given else {
            return;
        };
        let (before, now) = (self.shown(), self.now());
        let held = self.agent.health(now);
        let result = Rejected::from(self.agent.invalidate(given, now));
        assert_eq!(result, self.model.invalidate(number(given)));
        let after = self.agent.health(now);
        assert_eq!(
            held.generation, after.generation,
            "a rejection took a token"
        );
        assert_eq!(
            held.usable_for, after.usable_for,
            "a rejection took a token"
        );
        match result {
            Rejected::AlreadyReplaced => assert_eq!(self.shown(), before, "a stale rejection"),
            Rejected::TooYoung { wait } => {
                assert_eq!(self.shown(), before, "the rejection of a young token");
                self.facts.check_wait(wait, self.numbers.longest_wait());
            }
            Rejected::WillRenew { wait } => {
                self.facts.check_wait(wait, self.numbers.longest_wait());
                self.callers[caller].rejected = Some(given);
            }
        }
    }
}
