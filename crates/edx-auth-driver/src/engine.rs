//! What all clones of a token source share: the agent, which decides what to do; the callers that wait;
//! and the worker, which does it.

mod listener;
mod questions;
mod saving;
mod supply;
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
    Acquire, ApiUrl, ClientCredentials, Event, Generation, Invalidation, LiveToken, Moment, Need,
    TokenAgent, TokenEndpoint, TokenError, TokenRequest, TransportFailure, WaitBudget, WorkKind,
};

use crate::clock::Clock;
use crate::request_limit::RequestLimit;
use crate::store::Claim;
#[cfg(feature = "async")]
use crate::timer::TimerError;
use crate::trace::{self, ReportedOnce};
use crate::transport::Transport;
pub(crate) use listener::EventFn;
use listener::Listener;
use questions::Questions;
use supply::StoreOutage;
pub(crate) use supply::Supply;
#[cfg(feature = "async")]
use waiters::{Waiter, Waiters};

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
    credentials: Option<CredentialsFn>,
    listener: Option<Arc<Listener>>,
    supply: Supply,
    limit: Option<RequestLimit>,
    outage: StoreOutage,
    /// Where the token requests go, if there are any. Many sources share one.
    endpoint: Option<TokenEndpoint>,
    /// What the program calls the source.
    label: Option<Arc<str>>,
    reported_once: ReportedOnce,
}

struct State {
    agent: TokenAgent,
    #[cfg(feature = "async")]
    waiters: Waiters,
    /// The work that waits for a place on a thread. A source does one piece of work at a time: a second one
    /// would hang where the first does.
    queued: Option<WorkKind>,
    /// The right to request a token, while one is requested.
    claim: Option<Claim>,
    /// When to ask for client credentials again that were rejected.
    questions: Questions,
    /// A new token is being saved for other processes, for no longer than until this time of the monotonic
    /// clock. The source asks for credentials meanwhile, and does nothing else. Zero if none is being saved.
    saved_by: Duration,
}

/// What one caller gets from the agent: a result, or how long to wait.
pub(crate) enum Progress<T> {
    Done(T),
    Wait(Duration),
}

impl Engine {
    pub(crate) fn new(agent: TokenAgent, transport: Box<dyn Transport>) -> Self {
        Self {
            endpoint: agent.request().map(|request| request.endpoint().clone()),
            label: None,
            state: Mutex::new(State {
                agent,
                #[cfg(feature = "async")]
                waiters: Waiters::default(),
                queued: None,
                claim: None,
                questions: Questions::default(),
                saved_by: Duration::ZERO,
            }),
            reported: Condvar::new(),
            clock: Clock::new(),
            transport,
            credentials: None,
            listener: None,
            supply: Supply::None,
            limit: None,
            outage: StoreOutage::default(),
            reported_once: ReportedOnce::default(),
        }
    }

    /// Calls the source by this label, if there is one, instead of its client ID and host.
    pub(crate) fn with_label(self, label: Option<String>) -> Self {
        let label = label.map(Arc::from).or(self.label);
        Self { label, ..self }
    }

    /// Asks this function for the client credentials if the agent does. The source keeps its label when
    /// they change.
    pub(crate) fn with_credentials(self, provide: CredentialsFn) -> Self {
        Self {
            label: Some(self.label()),
            credentials: Some(provide),
            ..self
        }
    }

    /// Creates an engine for an agent that never has any work.
    pub(crate) fn without_work(agent: TokenAgent) -> Self {
        let nothing = |_, _| Err(TransportFailure::NotSent.into());
        Self::new(agent, Box::new(nothing))
    }

    /// Tells this function of events.
    pub(crate) fn with_listener(mut self, tell: EventFn) -> Self {
        self.listener = Some(Listener::new(tell));
        self
    }

    /// Looks for tokens of other processes there.
    pub(crate) fn with_supply(mut self, supply: Supply) -> Self {
        self.supply = supply;
        self
    }

    /// Sends no more token requests than this allows.
    pub(crate) fn with_limit(mut self, limit: Option<RequestLimit>) -> Self {
        self.limit = limit;
        self
    }

    /// Lets a caller use the agent once, and starts the work that results.
    pub(crate) fn with<T>(
        self: &Arc<Self>,
        use_agent: impl FnOnce(&mut TokenAgent, Moment) -> T,
    ) -> T {
        let (mut state, now) = self.enter();
        let result = use_agent(&mut state.agent, now);
        self.start_work(state, now);
        result
    }

    /// Lets a caller that comes use the agent once, and starts the work that results.
    pub(crate) fn with_caller<T>(
        self: &Arc<Self>,
        use_agent: impl FnOnce(&mut TokenAgent, Moment) -> T,
    ) -> T {
        let (mut state, now) = self.enter();
        state.ask_again(now);
        let result = use_agent(&mut state.agent, now);
        self.start_work(state, now);
        result
    }

    /// Locks the state, at this moment.
    #[inline]
    fn enter(&self) -> (MutexGuard<'_, State>, Moment) {
        let now = self.clock.now();
        (self.lock(), now)
    }

    pub(crate) fn now(&self) -> Moment {
        self.clock.now()
    }

    /// Looks at the agent without changing it.
    pub(crate) fn look<T>(&self, look: impl FnOnce(&TokenAgent, Moment) -> T) -> T {
        let (state, now) = self.enter();
        look(&state.agent, now)
    }

    /// Returns what the source is called in its events and its health.
    pub(crate) fn label(&self) -> Arc<str> {
        match &self.label {
            Some(label) => Arc::clone(label),
            None => self.look(|agent, _| agent.request().map_or_else(|| "".into(), label)),
        }
    }

    /// Returns the host whose places the token requests take.
    fn host(&self) -> Arc<str> {
        self.endpoint.as_ref().map_or("", host).into()
    }

    /// Traces that an API rejected a token, and tells the listener; which API, if that is known.
    pub(crate) fn rejected(
        &self,
        generation: Generation,
        invalidation: Invalidation,
        api: Option<&ApiUrl>,
    ) {
        let is_young = matches!(invalidation, Invalidation::TooYoung { .. });
        let age = is_young
            .then(|| self.look(TokenAgent::health).age)
            .flatten();
        trace::rejected(generation, invalidation, age, api, &self.label());
        self.tell(&Event::Rejected {
            generation,
            invalidation,
        });
    }

    /// Returns the cached token if it serves this need and is not due for renewal. Starts no work.
    #[inline]
    pub(crate) fn cached(&self, need: Need) -> Option<LiveToken> {
        let (state, now) = self.enter();
        state.agent.cached(need, now)
    }

    /// Polls until there is a result, and blocks in between.
    pub(crate) fn block_on<T>(
        self: &Arc<Self>,
        mut poll: impl FnMut(&mut TokenAgent, Moment) -> Progress<T>,
    ) -> T {
        self.caller_comes();
        let mut until = Duration::ZERO;
        loop {
            match self.poll(&mut poll, &mut until) {
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
        self.caller_comes();
        let (mut waiter, mut until) = (Waiter::new(self), Duration::ZERO);
        poll_fn(|context| {
            loop {
                let waker = context.waker().clone();
                match self.poll(&mut poll, &mut until) {
                    Ok(result) => return Poll::Ready(Ok(result)),
                    Err((state, wait)) => ready!(waiter.wait(state, wait, waker, context))?,
                }
            }
        })
        .await
    }

    fn caller_comes(&self) {
        let (mut state, now) = self.enter();
        state.ask_again(now);
    }

    /// Polls until there is a result, or nothing to do but wait. Then it returns the lock with the wait:
    /// a caller that begins to wait under this lock misses no report. While a token is saved, a caller that was
    /// told to wait `until` then does so, even if an earlier report wakes it: its program may end with its call.
    fn poll<T>(
        self: &Arc<Self>,
        mut poll: impl FnMut(&mut TokenAgent, Moment) -> Progress<T>,
        until: &mut Duration,
    ) -> Result<T, (MutexGuard<'_, State>, Duration)> {
        // Once in any case: queued work may wait for a place that was held for too long.
        let mut has_started = false;
        loop {
            let (mut state, now) = self.enter();
            let left = state.saved_by.min(*until).saturating_sub(now.monotonic);
            if !left.is_zero() {
                return Err((state, left));
            }
            match poll(&mut state.agent, now) {
                Progress::Wait(wait) => {
                    *until = now.monotonic.saturating_add(wait);
                    if has_started && !state.has_work(now) {
                        return Err((state, wait));
                    }
                    self.start_work(state, now);
                }
                Progress::Done(result) => {
                    self.start_work(state, now);
                    return Ok(result);
                }
            }
            has_started = true;
        }
    }

    /// Tells the listener of an event that changed something.
    pub(crate) fn tell(&self, event: &Event) {
        use Event::{CredentialsUnchanged, NotRestored, Stale};
        match &self.listener {
            Some(listener) if !matches!(event, CredentialsUnchanged | NotRestored | Stale) => {
                listener.on_event(event, &self.host());
            }
            _ => {}
        }
    }

    /// Lets those that wait, blocking and async, poll again.
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
    /// Has the program asked for its client credentials, if its last ones were rejected some time ago. Only
    /// for a caller that comes: those that wait get the result that they wait for.
    fn ask_again(&mut self, now: Moment) {
        if self.questions.is_due(now) {
            self.agent.credentials_changed();
        }
    }

    /// Returns what to do next.
    fn next_work(&self, now: Moment) -> Option<WorkKind> {
        let is_saving = self.saved_by > now.monotonic;
        let next = self.agent.next_work(now);
        next.filter(|kind| !is_saving || *kind == WorkKind::Credentials)
    }

    /// Reports whether a token should have been saved by now.
    fn has_late_save(&self, now: Moment) -> bool {
        !self.saved_by.is_zero() && self.saved_by <= now.monotonic
    }

    /// Reports whether there is work that is not queued.
    fn has_work(&self, now: Moment) -> bool {
        self.queued.is_none() && self.next_work(now).is_some()
    }
}

/// Returns what a source is called by default: its client ID and host.
fn label(request: &TokenRequest) -> Arc<str> {
    let client_id = request.credentials().client_id();
    format!("{client_id}@{}", host(request.endpoint())).into()
}

fn host(endpoint: &TokenEndpoint) -> &str {
    let host = endpoint.uri().authority();
    host.map_or("", |host| host.as_str())
}

/// Lets one caller acquire a token. Its time, by default the agent's own, starts now.
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

/// Lets one caller follow the token: waits for a newer one than this, for at most the timeout, and asks
/// for none.
pub(crate) fn newer(
    than: Option<Generation>,
    timeout: Duration,
) -> impl FnMut(&mut TokenAgent, Moment) -> Progress<Option<LiveToken>> {
    let mut start = None;
    move |agent, now| {
        let start = *start.get_or_insert(now.monotonic);
        let left = timeout.saturating_sub(now.monotonic.saturating_sub(start));
        let current = agent.current(now);
        let newer = current.filter(|token| Some(token.generation()) > than);
        if newer.is_some() || left.is_zero() {
            Progress::Done(newer)
        } else {
            Progress::Wait(left)
        }
    }
}

#[cfg(test)]
mod tests;
