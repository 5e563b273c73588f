//! The token source of a faulty driver: an agent behind a lock, a condition variable, and a thread for
//! each piece of work.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use edx_auth_core::{
    Acquire, ExchangeTicket, FormBody, Jitter, LiveToken, Moment, Need, TokenAgent, TokenError,
    WaitBudget, Work, WorkKind,
};
use edx_auth_testkit::conformance::{Item, Setup};
use http::{Request, Response};

use super::Fault;
use super::wire::Broken;

/// The state that all threads of one driver share.
pub(super) struct Source {
    pub(super) setup: Setup,
    fault: Option<Fault>,
    agent: Mutex<TokenAgent>,
    reported: Condvar,
    started: Instant,
    /// The number of callers that wait for a token.
    waiting: AtomicUsize,
    /// Whether a token request is under way that the agent has not begun.
    is_sending: AtomicBool,
    last: Mutex<Option<LiveToken>>,
    pub(super) jar: Mutex<Option<http::HeaderValue>>,
}

impl Source {
    pub(super) fn new(setup: Setup, fault: Option<Fault>) -> Self {
        let source = Self {
            agent: Mutex::new(agent(&setup)),
            setup,
            fault,
            reported: Condvar::new(),
            started: Instant::now(),
            waiting: AtomicUsize::new(0),
            is_sending: AtomicBool::new(false),
            last: Mutex::new(None),
            jar: Mutex::new(None),
        };
        source.restore();
        source
    }

    fn restore(&self) {
        let stored = self.setup.stored.clone();
        let (now, jitter) = (self.now(), self.jitter());
        let restored = stored.map(|stored| self.lock().restore(stored, now, jitter));
        drop(restored);
    }

    /// Returns whether this driver has the usual fault of this item.
    pub(super) fn has_fault(&self, item: Item) -> bool {
        self.fault == Some(Fault::Usual(item))
    }

    /// Reports whether this driver has the subtle fault of this item.
    pub(super) fn has_subtle_fault(&self, item: Item) -> bool {
        self.fault == Some(Fault::Subtle(item))
    }

    pub(super) fn now(&self) -> Moment {
        let monotonic = self.started.elapsed();
        let wall = if self.has_fault(Item::WallClock) {
            monotonic
        } else {
            SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default()
        };
        Moment { monotonic, wall }
    }

    fn jitter(&self) -> Jitter {
        if self.has_fault(Item::Jitter) {
            return Jitter::NONE;
        }
        let bits = RandomState::new().hash_one(0).to_ne_bytes();
        Jitter::from_bits(u32::from_ne_bytes([bits[0], bits[1], bits[2], bits[3]]))
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, TokenAgent> {
        self.agent.lock().unwrap()
    }

    /// Returns a token that serves this need, or waits for one.
    pub(super) fn token(
        self: &Arc<Self>,
        need: Need,
        timeout: Duration,
    ) -> Result<LiveToken, TokenError> {
        let longer = self.has_subtle_fault(Item::EarlyTimeout);
        let budget = if longer { self.setup.timeout } else { timeout };
        let budget = WaitBudget::new(budget, self.now());
        loop {
            let acquired = self.lock().acquire(need, &budget, self.now());
            match acquired {
                Acquire::Ready(token) => {
                    self.renew();
                    *self.last.lock().unwrap() = Some(token.clone());
                    return Ok(token);
                }
                Acquire::Failed(error) => {
                    self.start_work();
                    self.leave(timeout);
                    return Err(error);
                }
                Acquire::Wait(wait) => {
                    self.start_work();
                    if let Some(token) = self.expired(need) {
                        return Ok(token);
                    }
                    self.wait_for_token(need, wait)?;
                }
            }
        }
    }

    /// Starts the renewal of a token that is still good.
    fn renew(self: &Arc<Self>) {
        if self.has_fault(Item::RenewalWithoutWait) {
            let work = self.lock().poll_work(self.now());
            if let Some(work) = work {
                self.work(work);
            }
        } else if !self.has_subtle_fault(Item::RenewalWithoutWait) || self.is_rejected() {
            self.start_work();
        }
    }

    /// Reports whether an API has rejected a token.
    fn is_rejected(&self) -> bool {
        self.lock().health(self.now()).rejected > 0
    }

    /// Does the agent's next work on a thread.
    pub(super) fn start_work(self: &Arc<Self>) {
        if self.has_fault(Item::AgeFromRequest) {
            return self.send_before_polling();
        }
        let work = self.lock().poll_work(self.now());
        if let Some(work) = work {
            let source = Arc::clone(self);
            thread::spawn(move || source.work(work));
        }
    }

    /// Sends a token request, and begins the agent's attempt only when its response is there.
    fn send_before_polling(self: &Arc<Self>) {
        let agent = self.lock();
        let is_wanted = agent.next_work(self.now()) == Some(WorkKind::Exchange);
        if !is_wanted || self.is_sending.swap(true, Ordering::SeqCst) {
            return;
        }
        let (request, exchange) = agent.request().unwrap().begin();
        drop(agent);
        let source = Arc::clone(self);
        thread::spawn(move || {
            let sent = source.exchange(request, exchange.rules());
            let work = source.lock().poll_work(source.now());
            if let Some(Work::Exchange(ticket, _)) = work {
                source.report(ticket, sent);
            }
            source.is_sending.store(false, Ordering::SeqCst);
        });
    }

    fn work(&self, work: Work) {
        match work {
            Work::Exchange(ticket, request) => self.exchange_for(ticket, request),
            Work::Credentials(_) | Work::Store(_) => {
                panic!("the credentials are those of the request, and there is no store")
            }
        }
    }

    fn exchange_for(&self, ticket: ExchangeTicket, request: Request<FormBody>) {
        let sent = self.exchange(request, ticket.rules());
        self.report(ticket, sent);
    }

    fn report(&self, ticket: ExchangeTicket, sent: Result<Response<Vec<u8>>, Broken>) {
        let sent = sent.map_err(|broken| broken.failure());
        let (now, jitter) = (self.now(), self.jitter());
        let _event = self.lock().on_result(ticket, sent, now, jitter);
        self.reported.notify_all();
    }

    /// Sends a token request that the agent does not know of.
    fn exchange_in_vain(&self) {
        let (request, exchange) = self.setup.request.begin();
        let _thrown_away = self.exchange(request, exchange.rules());
    }

    fn wait_for_token(&self, need: Need, wait: Duration) -> Result<(), TokenError> {
        if self.has_fault(Item::BackoffWaitedOut) && self.is_backing_off() {
            let none = WaitBudget::new(Duration::ZERO, self.now());
            let acquired = self.lock().acquire(need, &none, self.now());
            if let Acquire::Failed(error) = acquired {
                return Err(error);
            }
        }
        let before = self.waiting.fetch_add(1, Ordering::SeqCst);
        if self.has_fault(Item::SingleFlight) && before >= 2 && need == Need::any() {
            self.exchange_in_vain();
        }
        self.sleep(wait);
        self.waiting.fetch_sub(1, Ordering::SeqCst);
        Ok(())
    }

    /// Waits until something is reported, or a little longer if the notification was missed.
    pub(super) fn sleep(&self, wait: Duration) {
        let wait = wait.min(Duration::from_millis(20));
        drop(self.reported.wait_timeout(self.lock(), wait).unwrap());
    }

    /// Abandons the work of a caller that leaves without a token.
    fn leave(&self, timeout: Duration) {
        let is_hasty = timeout < Duration::from_secs(1);
        if !is_hasty {
            return;
        }
        if self.has_fault(Item::EarlyTimeout) && self.is_renewing() {
            *self.lock() = agent(&self.setup);
        }
        if self.has_fault(Item::OneRequestPerBackoff) && self.is_backing_off() {
            self.exchange_in_vain();
        }
    }

    fn is_renewing(&self) -> bool {
        self.lock().health(self.now()).is_renewing
    }

    fn is_backing_off(&self) -> bool {
        self.lock().health(self.now()).backoff.is_some()
    }

    /// Returns the last token even if it has expired.
    fn expired(&self, need: Need) -> Option<LiveToken> {
        let last = self.last.lock().unwrap().clone();
        last.filter(|_| self.has_fault(Item::Expired) && need == Need::any())
    }
}

fn agent(setup: &Setup) -> TokenAgent {
    TokenAgent::new(setup.request.clone(), setup.policy)
}
