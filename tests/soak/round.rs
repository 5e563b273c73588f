//! One round: calls at full speed, and one fault of each kind.

use std::fmt;
use std::ops::AddAssign;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use edx_auth_testkit::MockEdx;
use edx_auth_tests::clients::Called;

use crate::caller::{Caller, ITEMS, THREADS};
use crate::fault::Fault;
use crate::site::Address;

pub(crate) struct Round<'a> {
    edx: MockEdx,
    callers: &'a [Caller],
    number: usize,
    /// The fault that happens, to this caller, until it explains an error.
    current: Mutex<Option<(Fault, usize)>>,
    has_ended: AtomicBool,
    errors: Mutex<usize>,
}

/// What happened.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) rounds: usize,
    pub(crate) faults: usize,
    calls: usize,
    errors: usize,
    token_requests: usize,
    most_token_requests: usize,
}

impl<'a> Round<'a> {
    pub(crate) fn new(address: &Address, callers: &'a [Caller], number: usize) -> Self {
        Self {
            edx: address.open(callers),
            callers,
            number,
            current: Mutex::default(),
            has_ended: AtomicBool::new(false),
            errors: Mutex::default(),
        }
    }

    /// Lets the callers call while the faults happen, with at least this pause in between.
    pub(crate) fn run(self, pause: Duration) -> Counts {
        let (before, round) = (self.calls(), &self);
        thread::scope(|scope| {
            let _end = EndOnDrop(&self.has_ended);
            for (number, caller) in self.callers.iter().enumerate() {
                for thread in 0..THREADS {
                    scope.spawn(move || round.call(number, caller, thread));
                }
            }
            self.settle();
            self.let_faults_happen(pause);
        });
        self.callers.iter().for_each(Caller::close_connections);
        self.count(before)
    }

    fn call(&self, number: usize, caller: &Caller, thread: usize) {
        let _end = EndOnDrop(&self.has_ended);
        let has_ended = || self.has_ended.load(Ordering::SeqCst);
        caller.make_calls(thread, has_ended, |called| self.failed(number, called));
    }

    fn let_faults_happen(&self, pause: Duration) {
        for (number, fault) in Fault::ALL.into_iter().enumerate() {
            let start = Instant::now();
            let victim = (self.number + number) % self.callers.len();
            *self.current.lock().unwrap() = Some((fault, victim));
            fault.happen(&self.edx, &self.callers[victim]);
            self.settle();
            fault.end(&self.edx);
            self.settle();
            *self.current.lock().unwrap() = None;
            thread::sleep(pause.saturating_sub(start.elapsed()));
        }
    }

    /// Waits until each thread has made all the calls that the fault may concern.
    fn settle(&self) {
        let before = self.all_calls();
        let has_settled = |now: &[usize]| {
            now.iter()
                .zip(&before)
                .all(|(now, then)| *now >= then + ENOUGH)
        };
        while !has_settled(&self.all_calls()) && !self.has_ended.load(Ordering::SeqCst) {
            thread::sleep(Duration::from_millis(1));
        }
    }

    fn all_calls(&self) -> Vec<usize> {
        self.callers.iter().flat_map(Caller::calls).collect()
    }

    fn calls(&self) -> usize {
        self.all_calls().iter().sum()
    }

    /// Checks that the current fault explains an error, which it does once.
    fn failed(&self, number: usize, called: &Called) {
        let current = self.current.lock().unwrap().take();
        let explains = |(fault, victim): (Fault, usize)| {
            victim == number && !self.callers[number].retries() && fault.explains(called)
        };
        assert!(
            current.is_some_and(explains),
            "{current:?} explains no {called:?}"
        );
        *self.errors.lock().unwrap() += 1;
    }

    /// Checks what the site has received.
    fn count(self, calls_before: usize) -> Counts {
        for request in self.edx.requests() {
            if let Some(caller) = self.callers.iter().find(|caller| caller.has_sent(&request)) {
                caller.assert_own_token(&request);
            }
        }
        for neighbors in self.callers.windows(2) {
            neighbors[0].assert_apart(&neighbors[1]);
        }
        let callers = self.callers.len();
        let for_faults = Fault::ALL.map(|fault| fault.token_requests(callers));
        let (token_requests, most) = (
            self.edx.token_requests(),
            callers + for_faults.iter().sum::<usize>(),
        );
        assert!(
            token_requests <= most,
            "{token_requests} token requests, {most} allowed"
        );
        self.callers.iter().for_each(Caller::forget_tokens);
        Counts {
            rounds: 1,
            faults: Fault::ALL.len(),
            calls: self.calls() - calls_before,
            errors: self.errors.into_inner().unwrap(),
            token_requests,
            most_token_requests: most,
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.rounds += other.rounds;
        self.faults += other.faults;
        self.calls += other.calls;
        self.errors += other.errors;
        self.token_requests += other.token_requests;
        self.most_token_requests += other.most_token_requests;
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} faults: {} calls, {} explained errors, {} token requests of {} allowed",
            self.faults, self.calls, self.errors, self.token_requests, self.most_token_requests
        )
    }
}

/// Ends the calls of a round, also after a panic.
struct EndOnDrop<'a>(&'a AtomicBool);

impl Drop for EndOnDrop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

/// A thread's calls for each item, and one that was under way.
const ENOUGH: usize = ITEMS + 1;
