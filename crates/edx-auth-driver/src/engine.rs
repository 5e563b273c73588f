//! What all clones of a token source share: the agent, which decides what to do; the callers that wait;
//! and the worker, which does it.

#[cfg(feature = "async")]
mod waiters;
mod worker;

#[cfg(feature = "async")]
use std::future::poll_fn;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
#[cfg(feature = "async")]
use std::task::{Poll, ready};
use std::time::Duration;

use edx_auth_core::{
    Acquire, ApiUrl, ClientCredentials, Generation, Invalidation, LiveToken, Moment, Need,
    TokenAgent, TokenError, TokenRequest, TransportFailure, WaitBudget,
};

use crate::clock::Clock;
#[cfg(feature = "async")]
use crate::timer::TimerError;
use crate::trace::{self, ReportedOnce};
use crate::transport::Transport;
#[cfg(feature = "async")]
use waiters::{Waiter, Waiters};
use worker::Worker;

/// A function that provides the client credentials.
pub(crate) type CredentialsFn = Box<dyn Fn() -> Result<ClientCredentials, BoxError> + Send + Sync>;

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// An agent behind a lock that is held briefly and never during I/O, with all that it needs to work.
pub(crate) struct Engine {
    state: Mutex<State>,
    /// Signalled whenever something was reported to the agent.
    reported: Condvar,
    clock: Clock,
    transport: Box<dyn Transport>,
    credentials: CredentialsFn,
    /// The host of the token endpoint: how many token requests run at once is limited for each host.
    host: Arc<str>,
    reported_once: ReportedOnce,
}

struct State {
    agent: TokenAgent,
    #[cfg(feature = "async")]
    waiters: Waiters,
    worker: Worker,
}

/// What one caller gets from the agent: a result, or how long to wait.
pub(crate) enum Progress<T> {
    Done(T),
    Wait(Duration),
}

impl Engine {
    pub(crate) fn new(
        agent: TokenAgent,
        transport: Box<dyn Transport>,
        credentials: CredentialsFn,
    ) -> Self {
        let endpoint = agent.request().map(|request| request.endpoint().uri());
        let host = endpoint.and_then(|uri| uri.authority());
        Self {
            host: host.map_or_else(|| Arc::from(""), |host| Arc::from(host.as_str())),
            state: Mutex::new(State {
                agent,
                #[cfg(feature = "async")]
                waiters: Waiters::default(),
                worker: Worker::Idle,
            }),
            reported: Condvar::new(),
            clock: Clock::new(),
            transport,
            credentials,
            reported_once: ReportedOnce::default(),
        }
    }

    /// Creates an engine for an agent that never has any work, such as one with a fixed token.
    pub(crate) fn without_work(agent: TokenAgent) -> Self {
        let nothing = |_, _| Err(TransportFailure::NotSent.into());
        let none = || Err("there are no credentials".into());
        Self::new(agent, Box::new(nothing), Box::new(none))
    }

    /// Lets a caller use the agent once, and starts the work that results.
    pub(crate) fn with<T>(
        self: &Arc<Self>,
        use_agent: impl FnOnce(&mut TokenAgent, Moment) -> T,
    ) -> T {
        let now = self.clock.now();
        let mut state = self.lock();
        let result = use_agent(&mut state.agent, now);
        self.start_work(state, now);
        result
    }

    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Looks at the agent without changing it.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&TokenAgent, Moment) -> T) -> T {
        let now = self.clock.now();
        look(&self.lock().agent, now)
    }

    /// Returns the token request, by which events name their source.
    pub(crate) fn request(&self) -> Option<TokenRequest> {
        self.look(|agent, _| agent.request().cloned())
    }

    /// Traces that an API rejected a token; which API, if that is known.
    pub(crate) fn rejected(
        &self,
        generation: Generation,
        invalidation: Invalidation,
        api: Option<&ApiUrl>,
    ) {
        trace::rejected(generation, invalidation, api, self.request().as_ref());
    }

    /// Returns the cached token if it serves this need and is not due for renewal. Starts no work.
    #[inline]
    pub(crate) fn cached(&self, need: Need) -> Option<LiveToken> {
        let now = self.clock.now();
        self.lock().agent.cached(need, now)
    }

    /// Polls until there is a result, and blocks in between.
    pub(crate) fn block_on<T>(
        self: &Arc<Self>,
        mut poll: impl FnMut(&mut TokenAgent, Moment) -> Progress<T>,
    ) -> T {
        loop {
            match self.poll(&mut poll) {
                Ok(result) => return result,
                Err((state, wait)) => drop(self.reported.wait_timeout(state, wait)),
            }
        }
    }

    /// Polls until there is a result, and yields to the runtime in between.
    ///
    /// # Errors
    /// Returns an error if the process has no thread left for timers.
    #[cfg(feature = "async")]
    pub(crate) async fn wait_for<T>(
        self: &Arc<Self>,
        mut poll: impl FnMut(&mut TokenAgent, Moment) -> Progress<T>,
    ) -> Result<T, TimerError> {
        let mut waiter = Waiter::new(self);
        poll_fn(|context| {
            loop {
                let waker = context.waker().clone();
                match self.poll(&mut poll) {
                    Ok(result) => return Poll::Ready(Ok(result)),
                    Err((state, wait)) => ready!(waiter.wait(state, wait, waker, context))?,
                }
            }
        })
        .await
    }

    /// Polls until there is a result, or nothing to do but wait. Then it returns the lock with the wait:
    /// a caller that begins to wait under this lock misses no report.
    fn poll<T>(
        self: &Arc<Self>,
        mut poll: impl FnMut(&mut TokenAgent, Moment) -> Progress<T>,
    ) -> Result<T, (MutexGuard<'_, State>, Duration)> {
        if let Progress::Done(result) = self.with(&mut poll) {
            return Ok(result);
        }
        loop {
            let now = self.clock.now();
            let mut state = self.lock();
            match poll(&mut state.agent, now) {
                Progress::Done(result) => {
                    self.start_work(state, now);
                    return Ok(result);
                }
                Progress::Wait(_) if state.has_work(now) => self.start_work(state, now),
                Progress::Wait(wait) => return Err((state, wait)),
            }
        }
    }

    /// Lets all waiting callers, blocking and async, poll again.
    pub(crate) fn notify(&self) {
        self.reported.notify_all();
        #[cfg(feature = "async")]
        self.wake_waiters();
    }

    /// Locks the state. Poisoning is harmless: every method of the agent completes before its guard is
    /// dropped.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Reports whether there is work, and no worker for it.
    fn has_work(&self, now: Moment) -> bool {
        matches!(self.worker, Worker::Idle) && self.agent.next_work(now).is_some()
    }
}

/// Returns a function that polls for a token for one caller. The caller's timeout, by default the
/// agent's, starts at the first poll.
pub(crate) fn acquire(
    need: Need,
    timeout: Option<Duration>,
) -> impl FnMut(&mut TokenAgent, Moment) -> Progress<Result<LiveToken, TokenError>> {
    let mut budget = None;
    move |agent, now| {
        let timeout = timeout.unwrap_or_else(|| agent.token_timeout());
        let budget = budget.get_or_insert_with(|| WaitBudget::new(timeout, now));
        match agent.acquire(need, budget, now) {
            Acquire::Ready(token) => Progress::Done(Ok(token)),
            Acquire::Failed(error) => Progress::Done(Err(error)),
            Acquire::Wait(wait) => Progress::Wait(wait),
        }
    }
}

#[cfg(test)]
mod tests;
