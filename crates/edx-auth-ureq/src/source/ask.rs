//! How a caller comes by its token: step by step, and waiting between.

use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use edx_auth_core::{
    Attempt, Generation, LiveToken, Need, RenewalReason, Step, TokenLifecycle, WaitBudget,
    WaitDecision,
};

use super::{Shared, TokenSource, renewal};
use crate::Error;

impl TokenSource {
    pub(crate) fn newer_within(
        &self,
        refused: &LiveToken,
        patience: Duration,
    ) -> Result<LiveToken, Error> {
        let need = Need {
            newer_than: Some(refused.generation()),
            ..Need::default()
        };
        self.ask(need, patience.min(self.shared.patience))
    }

    pub(super) fn ask(&self, need: Need, patience: Duration) -> Result<LiveToken, Error> {
        let shared = &self.shared;
        let mut now = shared.clock.now();
        let budget = WaitBudget::new(patience, now);
        let mut lifecycle = shared.lock();
        loop {
            match lifecycle.step_for(need, now) {
                Step::Use(token) => return Ok(token),
                Step::Renew(token, attempt) => {
                    drop(lifecycle);
                    self.start(attempt);
                    return Ok(token);
                }
                Step::Fetch(attempt) => {
                    drop(lifecycle);
                    self.start(attempt);
                    lifecycle = shared.lock();
                }
                step => match budget.next(&step, now) {
                    WaitDecision::GiveUp(error) => return Err(error.into()),
                    WaitDecision::Wait(wait) => lifecycle = shared.wait(lifecycle, wait),
                    WaitDecision::Proceed => {}
                },
            }
            now = shared.clock.now();
        }
    }

    /// Owes a renewal; the token that it is to replace.
    pub(super) fn force(&self) -> Option<Generation> {
        let now = self.shared.clock.now();
        let mut lifecycle = self.shared.lock();
        let _owed = lifecycle.renew_now(RenewalReason::Forced, now);
        lifecycle.health(now).generation
    }

    fn start(&self, attempt: Attempt) {
        renewal::start(&self.shared, attempt);
    }
}

impl Shared {
    fn wait<'a>(
        &self,
        lifecycle: MutexGuard<'a, TokenLifecycle>,
        wait: Duration,
    ) -> MutexGuard<'a, TokenLifecycle> {
        let woken = self.settled.wait_timeout(lifecycle, wait);
        woken.unwrap_or_else(PoisonError::into_inner).0
    }
}
