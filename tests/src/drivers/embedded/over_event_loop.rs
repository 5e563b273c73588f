//! The example `embed_event_loop`: the loop has a thread, and callers send it jobs.

#[path = "../../../../crates/edx-auth-core/examples/embed_event_loop/event_loop.rs"]
mod event_loop;
#[path = "../../../../crates/edx-auth-core/examples/embed_event_loop/http1.rs"]
pub(super) mod http1;
#[path = "../../../../crates/edx-auth-core/examples/embed_event_loop/socket.rs"]
mod socket;

use std::io;
use std::sync::mpsc::{self, Receiver, Sender, TryRecvError};
use std::thread;
use std::time::{Duration, Instant};

use edx_auth_core::{
    Acquire, ApiCall, CallError, LiveToken, Moment, Need, TokenAgent, TokenError, TransportFailure,
    TransportRules, WaitBudget,
};
use http::{Request, Response};
use mio::{Events, Poll, Token, Waker};

use super::{Embedded, HttpClient, Sent};
use event_loop::{Account, Call, EventLoop};
use socket::Socket;

/// `embed_event_loop` with one account.
pub struct OverEventLoop {
    jobs: Sender<Job>,
    waker: Waker,
}

/// Polled once per iteration of the loop. Returns how long the loop may wait, or `None` when it is done.
type Job = Box<dyn FnMut(&mut EventLoop) -> Option<Duration> + Send>;

impl OverEventLoop {
    /// Runs a job to its result.
    fn run<T: Send + 'static>(
        &self,
        mut poll: impl FnMut(&mut EventLoop) -> Result<T, Duration> + Send + 'static,
    ) -> T {
        let (sender, result) = mpsc::channel();
        let job = move |event_loop: &mut EventLoop| match poll(event_loop) {
            Ok(done) => {
                sender.send(done).unwrap_or_default();
                None
            }
            Err(wait) => Some(wait),
        };
        self.jobs.send(Box::new(job)).unwrap();
        self.waker.wake().unwrap();
        result.recv().unwrap()
    }
}

/// Runs the loop and its jobs until all senders of jobs are gone.
fn run(mut event_loop: EventLoop, new: &Receiver<Job>) {
    let mut jobs: Vec<Job> = Vec::new();
    loop {
        loop {
            match new.try_recv() {
                Ok(job) => jobs.push(job),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => return,
            }
        }
        let mut at_most = A_WHILE;
        jobs.retain_mut(|job| match job(&mut event_loop) {
            Some(wait) => {
                at_most = at_most.min(wait);
                true
            }
            None => false,
        });
        event_loop.turn(at_most).unwrap();
    }
}

impl Embedded for OverEventLoop {
    fn start(agent: TokenAgent) -> Self {
        let account = Account {
            agent,
            calls: Vec::new(),
            due: Duration::ZERO,
        };
        let event_loop = EventLoop::new(vec![account]).unwrap();
        let waker = Waker::new(event_loop.poll.registry(), Token(0)).unwrap();
        let (jobs, new) = mpsc::channel();
        thread::spawn(move || run(event_loop, &new));
        Self { jobs, waker }
    }

    fn token(&self, need: Need, timeout: Duration) -> Result<LiveToken, TokenError> {
        let mut budget = None;
        self.run(move |event_loop| {
            let now = event_loop.now();
            let budget = budget.get_or_insert_with(|| WaitBudget::new(timeout, now));
            match account(event_loop).agent.acquire(need, budget, now) {
                Acquire::Ready(token) => Ok(Ok(token)),
                Acquire::Failed(error) => Ok(Err(error)),
                Acquire::Wait(wait) => Err(wait),
            }
        })
    }

    fn call(&self, call: ApiCall, body: Vec<u8>) -> Result<Response<Vec<u8>>, CallError> {
        let (sender, result) = mpsc::channel();
        let mut call = Some(Call {
            request: call,
            body,
            response: Response::default(),
            done: Box::new(move |result| sender.send(result).unwrap_or_default()),
        });
        self.run(move |event_loop| {
            account(event_loop).calls.push(call.take().unwrap());
            Ok(())
        });
        result.recv().unwrap()
    }

    fn with<T, F>(&self, act: F) -> T
    where
        T: Send + 'static,
        F: FnOnce(&mut TokenAgent, Moment) -> T + Send + 'static,
    {
        let mut act = Some(act);
        self.run(move |event_loop| {
            let now = event_loop.now();
            Ok(act.take().unwrap()(&mut account(event_loop).agent, now))
        })
    }
}

impl HttpClient for OverEventLoop {
    fn send(request: Request<Vec<u8>>, rules: TransportRules) -> Sent {
        let (mut poll, start) = (Poll::new().unwrap(), Instant::now());
        let place = (poll.registry(), Token(1));
        let socket = Socket::open(&request, rules, start.elapsed(), place);
        let mut socket = socket.ok_or(TransportFailure::NotSent)?;
        loop {
            let wait = socket.deadline.saturating_sub(start.elapsed());
            match poll.poll(&mut Events::with_capacity(1), Some(wait)) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                polled => polled.unwrap(),
            }
            if let Some(result) = socket.advance(start.elapsed()) {
                return result;
            }
        }
    }
}

/// Returns the only account. It is polled in the next iteration.
fn account(event_loop: &mut EventLoop) -> &mut Account {
    let account = &mut event_loop.accounts[0];
    account.due = Duration::ZERO;
    account
}

/// Far longer than a job takes.
const A_WHILE: Duration = Duration::from_secs(60);
