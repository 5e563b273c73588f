//! A token source over a blocking HTTP stack: the core's values, a lock, a bell, and a thread for
//! each attempt, so that no caller's hurry ends it.

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

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use edx_auth_core::{
    Attempt, CallStep, Invalidation, LiveToken, Moment, Need, Origins, RenewalPolicy, Step,
    TokenError, TokenLifecycle, Verdict, WaitBudget, WaitDecision,
};
use http::{Request, Response};

use clock::Clock;
use contract::Terms;
use errand::{Errand, Identity};
use outgoing::{CallError, Outgoing, after, with_verdict};
use transfer::carry;

/// One token for the whole program; clones share it.
#[derive(Clone)]
pub(crate) struct Driver(Arc<Shared>);

struct Shared {
    /// Locked for a step at a time, and never while anything is sent.
    lifecycle: Mutex<TokenLifecycle>,
    /// Rung whenever an attempt has settled.
    settled: Condvar,
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
            settled: Condvar::new(),
            clock: Clock::start(),
            identity,
            origins,
            timeout,
        }))
    }

    /// Any token that may be used.
    pub(crate) fn token(&self, timeout: Duration) -> Result<LiveToken, TokenError> {
        self.ask(Need::any(), timeout)
    }

    pub(crate) fn ask(&self, need: Need, timeout: Duration) -> Result<LiveToken, TokenError> {
        let shared = &*self.0;
        let budget = WaitBudget::new(timeout, shared.clock.now());
        let mut lifecycle = shared.lock();
        loop {
            let now = shared.clock.now();
            let step = lifecycle.step_for(need, now);
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
                    WaitDecision::Wait(wait) => lifecycle = shared.wait(lifecycle, wait),
                    WaitDecision::Proceed => {}
                },
            }
        }
    }

    /// An API call with a token, to the reply that is for its caller.
    pub(crate) fn call(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, CallError> {
        let shared = &*self.0;
        let now = shared.clock.now().monotonic;
        let until = now.saturating_add(shared.timeout);
        let left = || until.saturating_sub(shared.clock.now().monotonic);
        let mut outgoing = Outgoing::new(request, shared.origins.clone())?;
        let mut token = self.token(left())?;
        loop {
            let terms = Terms::of_call(outgoing.url(), left());
            let reply = match carry(&outgoing.request(&token), terms) {
                Err(fault) if outgoing.survives(&fault) => continue,
                Err(fault) => return Err(outgoing.broken(fault)),
                Ok(reply) => reply,
            };
            match outgoing.answered(&reply) {
                CallStep::Follow(_) => {}
                CallStep::Replay => {
                    let Some(other) = self.successor(&token, left()) else {
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
    fn successor(&self, refused: &LiveToken, left: Duration) -> Option<LiveToken> {
        let (wait, need) = after(self.refused(refused), refused);
        let left = left.checked_sub(wait)?;
        thread::sleep(wait);
        self.ask(need, left).ok()
    }

    fn refused(&self, token: &LiveToken) -> Invalidation {
        self.lifecycle(|lifecycle, now| lifecycle.invalidate(token.generation(), now))
    }

    /// The life itself, for whoever wants to know or to change more of it.
    pub(crate) fn lifecycle<T>(&self, act: impl FnOnce(&mut TokenLifecycle, Moment) -> T) -> T {
        let now = self.0.clock.now();
        act(&mut self.0.lock(), now)
    }

    /// Where no thread can be started the attempt is lost, and another is elected after its lease.
    fn start(&self, attempt: Attempt) {
        let shared = Arc::clone(&self.0);
        let _thread = thread::Builder::new().spawn(move || shared.make(attempt));
    }
}

impl Shared {
    fn make(&self, attempt: Attempt) {
        let asked = (self.identity)();
        let mut next = Errand::begin(attempt, asked, &mut self.lock(), self.clock.now());
        while let Some((request, errand)) = next {
            let reply = carry(&request, errand.terms());
            let ended = errand.end(reply, &*self.identity);
            next = ended.settle(&mut self.lock(), self.clock.now());
            self.settled.notify_all();
        }
    }

    fn lock(&self) -> MutexGuard<'_, TokenLifecycle> {
        let locked = self.lifecycle.lock();
        locked.unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(
        &self,
        lifecycle: MutexGuard<'a, TokenLifecycle>,
        wait: Duration,
    ) -> MutexGuard<'a, TokenLifecycle> {
        let waited = self.settled.wait_timeout(lifecycle, wait);
        waited.unwrap_or_else(PoisonError::into_inner).0
    }
}
