//! The loop that an embedder writes: the core's values, a lock, a bell, and any HTTP at all.

mod attempt;
mod plain_http;

use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use edx_auth_core::{
    ApiUrl, Attempt, FormBody, Health, Invalidation, LiveToken, Moment, Need, RenewalReason, Step,
    TokenError, TokenLifecycle, TransportFailure, TransportRules, WaitBudget, WaitDecision,
};
use http::{Request, Response, StatusCode};

use super::{Driver, Setup};

/// Sends one request under the rules, and hands back its reply.
type Carry = dyn Fn(Request<FormBody>, TransportRules) -> Reply + Send + Sync;
type Reply = Result<Response<Vec<u8>>, TransportFailure>;

/// A token source of one's own.
pub(super) struct OwnLoop {
    shared: Arc<Shared>,
}

struct Shared {
    lifecycle: Mutex<TokenLifecycle>,
    /// Rung whenever an attempt has settled.
    settled: Condvar,
    started: Instant,
    setup: Setup,
    carry: Box<Carry>,
}

/// Over the plainest HTTP client there is.
pub(super) fn over_plain_http(setup: Setup) -> OwnLoop {
    OwnLoop::over(plain_http::carry, setup)
}

impl OwnLoop {
    fn over(
        carry: impl Fn(Request<FormBody>, TransportRules) -> Reply + Send + Sync + 'static,
        setup: Setup,
    ) -> Self {
        let shared = Shared {
            lifecycle: Mutex::new(TokenLifecycle::new(setup.policy)),
            settled: Condvar::new(),
            started: Instant::now(),
            setup,
            carry: Box::new(carry),
        };
        Self {
            shared: Arc::new(shared),
        }
    }

    fn ask(&self, need: Need, patience: Duration) -> Result<LiveToken, TokenError> {
        let shared = &self.shared;
        let budget = WaitBudget::new(patience, shared.now());
        let mut lifecycle = shared.lock();
        loop {
            let now = shared.now();
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

    fn start(&self, attempt: Attempt) {
        let shared = Arc::clone(&self.shared);
        thread::spawn(move || shared.make(attempt));
    }

    /// Owes a renewal, and wants what is newer than the token at hand.
    fn force(&self) -> Need {
        let now = self.shared.now();
        let mut lifecycle = self.shared.lock();
        let _owed = lifecycle.renew_now(RenewalReason::Forced, now);
        let held = lifecycle.health(now).generation;
        held.map_or_else(Need::any, |held| Need::any().newer_than(held))
    }
}

impl Shared {
    fn now(&self) -> Moment {
        let wall = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Moment {
            monotonic: self.started.elapsed(),
            wall: wall.unwrap_or_default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, TokenLifecycle> {
        self.lifecycle.lock().unwrap()
    }

    fn wait<'a>(
        &self,
        lifecycle: MutexGuard<'a, TokenLifecycle>,
        wait: Duration,
    ) -> MutexGuard<'a, TokenLifecycle> {
        self.settled.wait_timeout(lifecycle, wait).unwrap().0
    }
}

impl Driver for OwnLoop {
    fn token(&self) -> Result<LiveToken, TokenError> {
        self.token_within(self.shared.setup.patience)
    }

    fn token_within(&self, patience: Duration) -> Result<LiveToken, TokenError> {
        self.ask(Need::any(), patience)
    }

    fn token_valid_for(&self, validity: Duration) -> Result<LiveToken, TokenError> {
        let need = Need::any().valid_for(validity);
        self.ask(need, self.shared.setup.patience)
    }

    fn renew_now(&self) -> Result<LiveToken, TokenError> {
        self.ask(self.force(), self.shared.setup.patience)
    }

    fn invalidate(&self, token: &LiveToken) -> Invalidation {
        let now = self.shared.now();
        self.shared.lock().invalidate(token.generation(), now)
    }

    fn token_newer_than(&self, refused: &LiveToken) -> Result<LiveToken, TokenError> {
        let need = Need::any().newer_than(refused.generation());
        self.ask(need, self.shared.setup.patience)
    }

    fn health(&self) -> Health {
        let now = self.shared.now();
        self.shared.lock().health(now)
    }

    fn get(&self, url: &ApiUrl, token: &LiveToken) -> StatusCode {
        plain_http::get(url, token.token())
    }
}
