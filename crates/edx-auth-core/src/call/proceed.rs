//! The steps of an API call, from state to state.

use core::time::Duration;

use super::request::{ApiRequest, Connection};
use super::{ApiCall, Chance, Purpose, State, deliver};
use super::{CallError, CallStep};
use crate::agent::{Acquire, TokenAgent};
use crate::error::TransportFailure;
use crate::lifecycle::{Invalidation, LiveToken, Need, TokenError, WaitBudget};
use crate::resource::Verdict;
use crate::time::{Moment, Pause};

/// When a call has to end, and now.
type Time = (WaitBudget, Moment);

/// The next state, and the step to return if the caller has to act.
type Next = (State, Option<CallStep>);

impl ApiCall {
    /// Takes the call one step further from this state.
    pub(super) fn proceed(&mut self, state: State, agent: &mut TokenAgent, time: Time) -> Next {
        let (deadline, now) = time;
        let left = deadline.left(now);
        match state {
            State::New => go_on(self.acquiring(Need::any(), Purpose::Send, agent, time)),
            State::Acquiring(need, budget, purpose) => match agent.acquire(need, &budget, now) {
                Acquire::Ready(token) => go_on(with_token(token, purpose)),
                Acquire::Failed(error) => go_on(without_token(error, purpose)),
                Acquire::Wait(wait) => tell(
                    State::Acquiring(need, budget, purpose),
                    CallStep::Wait(wait),
                ),
            },
            State::Pausing(pause, token) => match pause.left(now) {
                Duration::ZERO => go_on(token.map_or(State::New, State::Ready)),
                wait => tell(State::Pausing(pause, token), CallStep::Wait(wait)),
            },
            State::Ready(_) | State::Sent(_) if left.is_zero() => {
                go_on(State::Ended(self.failed(TransportFailure::TimedOut.into())))
            }
            State::Ready(token) => {
                let request = ApiRequest::new(self, &token, left);
                tell(State::Sent(token), CallStep::Send(request))
            }
            State::Sent(token) => tell(State::Sent(token), CallStep::Wait(left)),
            State::Rejected(token) => go_on(self.rejected(token, agent, time)),
            State::Concluding(step) => go_on(match self.retry_wait(&step, time) {
                Some(wait) => State::Pausing(Pause::new(wait, now), None),
                None => State::Ended(step),
            }),
            State::Ended(step) => tell(State::Ended(step.clone()), step),
        }
    }

    /// Decides how a call continues after its token was rejected: with a newer token, with the same one
    /// after the skew grace, or not at all if it was replayed before.
    fn rejected(&mut self, token: LiveToken, agent: &mut TokenAgent, time: Time) -> State {
        let (deadline, now) = time;
        let generation = token.generation();
        let invalidation = agent.invalidate(generation, now);
        self.rejection = Some((generation, invalidation));
        let was_replayed = core::mem::replace(&mut self.replay, Chance::Used) == Chance::Used;
        let (left, newer) = (deadline.left(now), Need::any().newer_than(generation));
        match invalidation {
            Invalidation::Fixed => rejection(Some(TokenError::fixed())),
            _ if was_replayed => rejection(None),
            // There is no time to wait: the agent says at once why there is no newer token.
            Invalidation::WillRenew { wait } if wait >= left => {
                State::Acquiring(newer, WaitBudget::new(Duration::ZERO, now), Purpose::Replay)
            }
            Invalidation::WillRenew { .. } if !self.can_repeat_body() => {
                self.acquiring(newer, Purpose::NextCall, agent, time)
            }
            _ if !self.can_repeat_body() => rejection(None),
            Invalidation::TooYoung { wait } if wait >= left => rejection(None),
            Invalidation::WillRenew { .. } => self.acquiring(newer, Purpose::Replay, agent, time),
            Invalidation::AlreadyReplaced => {
                self.acquiring(Need::any(), Purpose::Replay, agent, time)
            }
            Invalidation::TooYoung { wait } => State::Pausing(Pause::new(wait, now), Some(token)),
        }
    }

    /// Returns how long to wait before the call is retried; `None` if it ends with this step.
    fn retry_wait(&mut self, step: &CallStep, (deadline, now): Time) -> Option<Duration> {
        if !self.can_repeat_body() {
            return None;
        }
        let (retries, jitter) = self.retries.as_mut()?;
        let retry_after = match step {
            CallStep::Deliver { verdict, .. } if verdict.is_retryable() => verdict.retry_after(),
            CallStep::Fail(error) if error.is_retryable() => error.retry_after(),
            _ => return None,
        };
        let wait = retries.record_failure(retry_after, now, *jitter)?;
        (wait < deadline.left(now)).then_some(wait)
    }

    /// Starts to wait for a token: as long as other callers of the agent do unless the call has another
    /// timeout, and never past the call's deadline.
    fn acquiring(
        &self,
        need: Need,
        purpose: Purpose,
        agent: &TokenAgent,
        (deadline, now): Time,
    ) -> State {
        let timeout = self.token_timeout.unwrap_or_else(|| agent.token_timeout());
        let budget = WaitBudget::new(timeout.min(deadline.left(now)), now);
        State::Acquiring(need, budget, purpose)
    }

    /// Returns which connection the next request may use.
    pub(super) fn connection(&self) -> Connection {
        match self.resend {
            Chance::Left => Connection::Kept,
            Chance::Used => Connection::New,
        }
    }
}

fn with_token(token: LiveToken, purpose: Purpose) -> State {
    match purpose {
        Purpose::Send | Purpose::Replay => State::Ready(token),
        Purpose::NextCall => rejection(None),
    }
}

/// Ends a call that got no token: it delivers the rejected response if there is one, and fails otherwise.
fn without_token(error: TokenError, purpose: Purpose) -> State {
    match purpose {
        Purpose::Send => State::Concluding(CallStep::Fail(CallError::Token(error))),
        Purpose::Replay | Purpose::NextCall => rejection(Some(error)),
    }
}

/// Continues in this state at once.
fn go_on(state: State) -> Next {
    (state, None)
}

/// Stays in this state, and returns this step to the driver.
fn tell(state: State, step: CallStep) -> Next {
    (state, Some(step))
}

fn rejection(token_error: Option<TokenError>) -> State {
    State::Ended(deliver(Verdict::TokenRejected, token_error))
}
