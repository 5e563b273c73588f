//! The token's side of a driver by hand: a lifecycle behind a lock, and a bell.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use edx_auth_core::{
    Attempt, Jitter, LiveToken, Moment, Need, RenewalError, Step, TokenError, TokenLifecycle,
    WaitBudget, WaitDecision,
};
use edx_auth_testkit::conformance::{Item, Setup};

use super::Fault;

/// What all threads of one driver share.
pub(super) struct Source {
    pub(super) setup: Setup,
    wrong: Option<Fault>,
    lifecycle: Mutex<TokenLifecycle>,
    settled: Condvar,
    started: Instant,
    /// How many callers wait for another's exchange.
    joined: AtomicUsize,
    last: Mutex<Option<LiveToken>>,
    pub(super) jar: Mutex<Option<http::HeaderValue>>,
}

impl Source {
    pub(super) fn new(setup: Setup, wrong: Option<Fault>) -> Self {
        Self {
            lifecycle: Mutex::new(TokenLifecycle::new(setup.policy)),
            setup,
            wrong,
            settled: Condvar::new(),
            started: Instant::now(),
            joined: AtomicUsize::new(0),
            last: Mutex::new(None),
            jar: Mutex::new(None),
        }
    }

    /// Whether this is what it gets wrong.
    pub(super) fn errs_at(&self, item: Item) -> bool {
        self.wrong == Some(Fault::Of(item))
    }

    /// Whether this is what it gets wrong, in a finer way.
    pub(super) fn errs_finely_at(&self, item: Item) -> bool {
        self.wrong == Some(Fault::Finer(item))
    }

    pub(super) fn now(&self) -> Moment {
        let wall = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        Moment {
            monotonic: self.started.elapsed(),
            wall: wall.unwrap_or_default(),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, TokenLifecycle> {
        self.lifecycle.lock().unwrap()
    }

    /// A token, within this caller's patience.
    pub(super) fn ask(
        self: &Arc<Self>,
        need: Need,
        patience: Duration,
    ) -> Result<LiveToken, TokenError> {
        let asked = if self.errs_finely_at(Item::EarlyTimeout) {
            self.setup.timeout
        } else {
            patience
        };
        let until = WaitBudget::new(asked, self.now());
        loop {
            let now = self.now();
            let step = self.lock().step_for(need, now);
            match (until.next(&step, now), step) {
                (_, Step::Use(token)) => return Ok(self.remembered(token)),
                (_, Step::Renew(token, attempt)) => {
                    self.renew(attempt);
                    return Ok(token);
                }
                (_, Step::Fetch(attempt)) => {
                    self.begin(attempt);
                    if let Some(token) = self.over_but_handed_out(need) {
                        return Ok(token);
                    }
                }
                (WaitDecision::GiveUp(error), step) => {
                    return Err(self.leaving(&step, patience, error));
                }
                (WaitDecision::Wait(wait), step) => self.wait(&step, need, wait)?,
                (WaitDecision::Proceed, _) => {}
            }
        }
    }

    fn renew(self: &Arc<Self>, attempt: Attempt) {
        if self.errs_at(Item::RenewalWithoutWait) {
            self.make(attempt);
        } else if !self.errs_finely_at(Item::RenewalWithoutWait) {
            self.begin(attempt);
        }
    }

    fn begin(self: &Arc<Self>, attempt: Attempt) {
        let source = Arc::clone(self);
        thread::spawn(move || source.make(attempt));
    }

    fn make(&self, attempt: Attempt) {
        let Ok(attempt) = self.lock().begin(attempt, self.now()) else {
            return;
        };
        let outcome = self.exchange().map_err(RenewalError::from);
        let now = self.now();
        let _event = self.lock().settle(attempt, outcome, now, Jitter::NONE);
        self.settled.notify_all();
    }

    fn wait(&self, step: &Step, need: Need, wait: Duration) -> Result<(), TokenError> {
        match step {
            Step::Pause { .. } if self.errs_at(Item::BackoffWaitedOut) => {
                let now = self.now();
                match WaitBudget::new(Duration::ZERO, now).next(step, now) {
                    WaitDecision::GiveUp(error) => return Err(error),
                    other => panic!("without patience nobody waits: {other:?}"),
                }
            }
            Step::Join { .. } => self.join(need, wait),
            _ => self.sleep(wait),
        }
        Ok(())
    }

    fn join(&self, need: Need, wait: Duration) {
        let before = self.joined.fetch_add(1, Ordering::SeqCst);
        if self.errs_at(Item::SingleFlight) && before >= 2 && need == Need::any() {
            let _thrown_away = self.exchange();
        }
        self.sleep(wait);
        self.joined.fetch_sub(1, Ordering::SeqCst);
    }

    /// Until an attempt settles; should that be missed, a little later.
    fn sleep(&self, wait: Duration) {
        let wait = wait.min(Duration::from_millis(20));
        drop(self.settled.wait_timeout(self.lock(), wait).unwrap());
    }

    fn leaving(&self, step: &Step, patience: Duration, error: TokenError) -> TokenError {
        let is_hasty = patience < Duration::from_secs(1);
        match step {
            Step::Join { .. } if self.errs_at(Item::EarlyTimeout) && is_hasty => {
                *self.lock() = TokenLifecycle::new(self.setup.policy);
            }
            Step::Pause { .. } if self.errs_at(Item::OneRequestPerBackoff) && is_hasty => {
                let _thrown_away = self.exchange();
            }
            _ => {}
        }
        error
    }

    fn remembered(&self, token: LiveToken) -> LiveToken {
        *self.last.lock().unwrap() = Some(token.clone());
        token
    }

    fn over_but_handed_out(&self, need: Need) -> Option<LiveToken> {
        let last = self.last.lock().unwrap().clone();
        last.filter(|_| self.errs_at(Item::Expired) && need == Need::any())
    }
}
