//! A token source over an async HTTP stack: the core's values, a lock, a bell, and a task for each
//! attempt, so that no caller who is dropped ends it.
//!
//! The tasks live on the runtime of whoever asks: it has to run as long as the program calls APIs.

#[path = "../embedding/clock.rs"]
pub(crate) mod clock;
#[path = "../embedding/contract.rs"]
pub(crate) mod contract;
#[path = "../embedding/errand.rs"]
pub(crate) mod errand;
#[path = "../embedding/outgoing.rs"]
pub(crate) mod outgoing;
#[path = "transfer.rs"]
pub(crate) mod transfer;

use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use edx_auth_core::{
    Attempt, CallStep, Invalidation, LiveToken, Moment, Need, Origins, RenewalPolicy, Step,
    TokenError, TokenLifecycle, Verdict, WaitBudget, WaitDecision,
};
use http::{Request, Response};
use tokio::sync::Notify;
use tokio::time::{self, sleep};

use clock::Clock;
use contract::Terms;
use errand::{Errand, Identity};
use outgoing::{CallError, Outgoing, after, with_verdict};
use transfer::carry;

/// One token for the whole program; clones share it.
#[derive(Clone)]
pub(crate) struct Driver(Arc<Shared>);

struct Shared {
    /// Locked for a step at a time, and never across an await.
    lifecycle: Mutex<TokenLifecycle>,
    /// Rung whenever an attempt has settled.
    settled: Notify,
    clock: Clock,
    identity: Box<Identity>,
    origins: Origins,
    timeout: Duration,
}

impl Driver {
    /// Calls end after so long: with the wait for their token, redirects and a replay.
    pub(crate) fn new(
        identity: Box<Identity>,
        policy: RenewalPolicy,
        origins: Origins,
        timeout: Duration,
    ) -> Self {
        Self(Arc::new(Shared {
            lifecycle: Mutex::new(TokenLifecycle::new(policy)),
            settled: Notify::new(),
            clock: Clock::start(),
            identity,
            origins,
            timeout,
        }))
    }

    /// Any token that may be used.
    pub(crate) async fn token(&self, timeout: Duration) -> Result<LiveToken, TokenError> {
        self.ask(Need::any(), timeout).await
    }

    pub(crate) async fn ask(&self, need: Need, timeout: Duration) -> Result<LiveToken, TokenError> {
        let shared = &*self.0;
        let budget = WaitBudget::new(timeout, shared.clock.now());
        loop {
            // Heard from here on: an attempt may settle between the question and the wait.
            let mut settled = pin!(shared.settled.notified());
            settled.as_mut().enable();
            let now = shared.clock.now();
            let step = shared.lock().step_for(need, now);
            let decision = budget.next(&step, now);
            match step {
                Step::Use(token) => return Ok(token),
                Step::Renew(token, attempt) => {
                    self.start(attempt);
                    return Ok(token);
                }
                Step::Fetch(attempt) => self.start(attempt),
                Step::Join { .. } | Step::Pause { .. } => match decision {
                    WaitDecision::GiveUp(error) => return Err(error),
                    WaitDecision::Wait(wait) => drop(time::timeout(wait, settled).await),
                    WaitDecision::Proceed => {}
                },
            }
        }
    }

    /// An API call with a token, to the reply that is for its caller.
    pub(crate) async fn call(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, CallError> {
        let shared = &*self.0;
        let now = shared.clock.now().monotonic;
        let until = now.saturating_add(shared.timeout);
        let left = || until.saturating_sub(shared.clock.now().monotonic);
        let mut outgoing = Outgoing::new(request, shared.origins.clone())?;
        let mut token = self.token(left()).await?;
        loop {
            let terms = Terms::of_call(outgoing.url(), left());
            let reply = match carry(outgoing.request(&token), terms).await {
                Err(fault) if outgoing.survives(&fault) => continue,
                Err(fault) => return Err(outgoing.broken(fault)),
                Ok(reply) => reply,
            };
            match outgoing.answered(&reply) {
                CallStep::Follow(_) => {}
                CallStep::Replay => {
                    let Some(other) = self.successor(&token, left()).await else {
                        return Ok(with_verdict(reply, Verdict::TokenRejected));
                    };
                    token = other;
                }
                CallStep::Deliver(verdict) => {
                    if verdict == Verdict::TokenRejected {
                        let _invalidation = self.refused(&token);
                    }
                    return Ok(with_verdict(reply, verdict));
                }
            }
        }
    }

    /// The token to replay with, where there is one in time.
    async fn successor(&self, refused: &LiveToken, left: Duration) -> Option<LiveToken> {
        let (wait, need) = after(self.refused(refused), refused);
        let left = left.checked_sub(wait)?;
        sleep(wait).await;
        self.ask(need, left).await.ok()
    }

    fn refused(&self, token: &LiveToken) -> Invalidation {
        self.lifecycle(|lifecycle, now| lifecycle.invalidate(token.generation(), now))
    }

    /// The life itself, for whoever wants to know or to change more of it.
    pub(crate) fn lifecycle<T>(&self, act: impl FnOnce(&mut TokenLifecycle, Moment) -> T) -> T {
        let now = self.0.clock.now();
        act(&mut self.0.lock(), now)
    }

    fn start(&self, attempt: Attempt) {
        let shared = Arc::clone(&self.0);
        tokio::spawn(async move { shared.make(attempt).await });
    }
}

impl Shared {
    async fn make(&self, attempt: Attempt) {
        let asked = (self.identity)();
        let mut next = Errand::begin(attempt, asked, &mut self.lock(), self.clock.now());
        while let Some((request, errand)) = next {
            let reply = carry(request, errand.terms()).await;
            let ended = errand.end(reply, &*self.identity);
            next = ended.settle(&mut self.lock(), self.clock.now());
            self.settled.notify_waiters();
        }
    }

    fn lock(&self) -> MutexGuard<'_, TokenLifecycle> {
        let locked = self.lifecycle.lock();
        locked.unwrap_or_else(PoisonError::into_inner)
    }
}
