//! How a caller comes by its token: step by step, and waiting between.

use std::sync::{MutexGuard, PoisonError};
use std::time::Duration;

use edx_auth_core::{
    Attempt, LiveToken, Need, RenewalReason, Step, TokenLifecycle, WaitBudget, WaitDecision,
};

use super::{Shared, TokenSource, renewal};
use crate::Error;

impl TokenSource {
    pub(crate) fn newer_within(
        &self,
        refused: &LiveToken,
        timeout: Duration,
    ) -> Result<LiveToken, Error> {
        let need = Need::any().newer_than(refused.generation());
        self.ask(need, timeout.min(self.shared.token_timeout))
    }

    pub(super) fn ask(&self, need: Need, timeout: Duration) -> Result<LiveToken, Error> {
        let shared = &self.shared;
        let mut now = shared.clock.now();
        let budget = WaitBudget::new(timeout, now);
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

    /// Forces a renewal, and returns the need for a token newer than the cached one.
    pub(super) fn force(&self) -> Need {
        let now = self.shared.clock.now();
        let mut lifecycle = self.shared.lock();
        let _owed = lifecycle.renew_now(RenewalReason::Forced, now);
        let held = lifecycle.health(now).generation;
        held.map_or_else(Need::any, |held| Need::any().newer_than(held))
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
