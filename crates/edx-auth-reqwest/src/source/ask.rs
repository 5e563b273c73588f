//! How a caller comes by its token: step by step, and waiting between.

use std::time::Duration;

use edx_auth_core::{
    Attempt, LiveToken, Moment, Need, RenewalReason, Step, WaitBudget, WaitDecision,
};

use super::{TokenSource, renewal};
use crate::Error;
use crate::alarm::Waiter;

impl TokenSource {
    pub(crate) async fn newer_within(
        &self,
        refused: &LiveToken,
        timeout: Duration,
    ) -> Result<LiveToken, Error> {
        let need = Need::any().newer_than(refused.generation());
        self.ask(need, timeout.min(self.shared.token_timeout)).await
    }

    pub(super) async fn ask(&self, need: Need, timeout: Duration) -> Result<LiveToken, Error> {
        let mut now = self.shared.clock.now();
        let budget = WaitBudget::new(timeout, now);
        let mut waiter = None;
        loop {
            match self.proceed(need, budget, now)? {
                Progress::Done(token) => return Ok(token),
                Progress::Elected => {}
                Progress::Wait(wait) => match waiter.take() {
                    Some(waiter) => {
                        let rung = Waiter::wait(waiter, wait).await;
                        rung.map_err(|fault| Error::setup(fault.into()))?;
                    }
                    None => waiter = Some(Waiter::at(&self.shared.settled)),
                },
            }
            now = self.shared.clock.now();
        }
    }

    /// One step, and what it asks of this caller besides waiting.
    fn proceed(&self, need: Need, budget: WaitBudget, now: Moment) -> Result<Progress, Error> {
        let step = self.shared.lock().step_for(need, now);
        match step {
            Step::Use(token) => Ok(Progress::Done(token)),
            Step::Renew(token, attempt) => {
                self.start(attempt);
                Ok(Progress::Done(token))
            }
            Step::Fetch(attempt) => {
                self.start(attempt);
                Ok(Progress::Elected)
            }
            step => match budget.next(&step, now) {
                WaitDecision::GiveUp(error) => Err(error.into()),
                WaitDecision::Wait(wait) => Ok(Progress::Wait(wait)),
                WaitDecision::Proceed => Ok(Progress::Elected),
            },
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

/// Where a caller stands after one step.
enum Progress {
    /// It has its token.
    Done(LiveToken),
    /// It was elected, has seen to the attempt, and asks again.
    Elected,
    /// It waits.
    Wait(Duration),
}
