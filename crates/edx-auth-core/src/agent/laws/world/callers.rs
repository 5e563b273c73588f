//! The callers of a world, and the program that has the client credentials.

use core::time::Duration;

use super::{
    Acquire, Event, Invalidation, Law, LiveToken, Need, Out, Ticket, TokenState, Wait, WaitBudget,
    World, credentials, number_of,
};

impl World {
    pub(super) fn acquire(&mut self, caller: usize, validity: Duration) {
        let mut need = Need::any().valid_for(validity);
        if let Some(rejected) = self.callers[caller].rejected {
            need = need.newer_than(rejected);
        }
        let budget = WaitBudget::new(self.numbers.budgets[caller], self.now);
        match self.agent.acquire(need, &budget, self.now) {
            Acquire::Ready(token) => self.given(caller, &token),
            Acquire::Wait(wait) => {
                self.told_to_wait(wait);
                let is_within = wait <= budget.left(self.now);
                self.check(Law::WaitsArePositiveAndBounded, is_within);
            }
            Acquire::Failed(error) => {
                if let Some(wait) = error.retry_after() {
                    self.told_to_wait(wait);
                }
            }
        }
    }

    fn given(&mut self, caller: usize, token: &LiveToken) {
        let generation = token.generation();
        let caller = &mut self.callers[caller];
        caller.given = Some(generation);
        let comes_back = caller
            .rejected
            .is_some_and(|rejected| generation <= rejected);
        let mut tokens = self.tokens.iter();
        let token = tokens.find(|(number, _)| *number == generation);
        let is_alive = token.is_some_and(|(_, life)| !life.is_surely_over(self.real, self.now));
        self.check(Law::NoRejectedTokenComesBack, !comes_back);
        self.check(Law::NoExpiredTokenIsServed, is_alive);
    }

    pub(super) fn reject(&mut self, caller: usize) {
        let Some(given) = self.callers[caller].given else {
            return;
        };
        let before = (self.served(), self.agent_digest());
        let health = self.agent.health(self.now);
        let invalidation = self.agent.invalidate(given, self.now);
        if health.generation != Some(given) {
            let is_same = before.1 == self.agent_digest();
            self.check(Law::OldRejectionsChangeNothing, is_same);
        }
        self.check(Law::RejectionsTakeNoToken, before.0 == self.served());
        match invalidation {
            Invalidation::AlreadyReplaced | Invalidation::Fixed => {}
            Invalidation::TooYoung { wait } => self.told_to_wait(wait),
            Invalidation::WillRenew { wait } => {
                self.told_to_wait(wait);
                self.callers[caller].rejected = Some(given);
                if matches!(health.token, TokenState::Fresh | TokenState::Due) {
                    self.rejections.record_rejection(&self.numbers, self.now);
                }
            }
        }
    }

    pub(super) fn set_credentials(&mut self, which: usize) {
        let before = self.agent_digest();
        let in_use = number_of(self.agent.request().unwrap().credentials());
        let is_known = in_use == which || self.denials.last() == Some(which);
        let event = self.agent.set_credentials(credentials(which), self.now);
        if is_known {
            let is_same = before == self.agent_digest();
            self.check(Law::KnownCredentialsChangeNothing, is_same);
        }
        if matches!(event, Event::CredentialsChanged) {
            self.flight = None;
            // What the store has for the old ones no longer counts.
            let is_look = |out: &mut Out| matches!(out.ticket, Ticket::Store(_));
            let look = self.out.take_if(is_look);
            self.end_late(look);
            self.changes += 1;
            self.changed();
            self.denials.set(which);
        }
    }

    /// Notes that other credentials are in use: a token must be on its way, and a backoff may end.
    pub(super) fn changed(&mut self) {
        let mut agent = self.agent.clone();
        let budget = WaitBudget::new(Duration::ZERO, self.now);
        let _step = agent.acquire(Need::any(), &budget, self.now);
        let health = agent.health(self.now);
        let is_on_its_way = health.is_renewing || health.backoff.is_some();
        self.check(Law::NewCredentialsAreUsed, is_on_its_way);
        if self.backoff.1 {
            self.backoff = (Wait::default(), false);
        }
    }
}
