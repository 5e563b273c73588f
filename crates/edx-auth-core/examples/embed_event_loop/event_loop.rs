//! Any number of accounts on one thread.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::io;
use std::time::{Duration, Instant, UNIX_EPOCH};

use edx_auth_core::{
    ApiCall, CallError, CallStep, ExchangeTicket, Jitter, Moment, TokenAgent, TransportFailure,
    TransportRules, Work,
};
use http::Request;
use mio::event::Event;
use mio::{Events, Poll, Token};

use super::http1::Reply;
use super::socket::Socket;

pub(crate) struct EventLoop {
    pub(crate) poll: Poll,
    start: Instant,
    accounts: Vec<(TokenAgent, Vec<Call>)>,
    /// The accounts to poll now, and later.
    ready: VecDeque<usize>,
    timers: BTreeSet<(Duration, usize)>,
    sockets: HashMap<Token, (Socket, usize, Sender)>,
    last: usize,
}

/// An API call, and what to do with its result.
pub(crate) struct Call {
    pub(crate) call: ApiCall,
    pub(crate) body: Vec<u8>,
    pub(crate) response: Reply,
    pub(crate) done: Box<dyn FnOnce(Result<Reply, CallError>) + Send>,
}

/// Gets the result of a socket.
enum Sender {
    Agent(ExchangeTicket),
    Call(Box<Call>),
}

impl EventLoop {
    pub(crate) fn new(agents: impl IntoIterator<Item = TokenAgent>) -> io::Result<Self> {
        let accounts = agents.into_iter().map(|agent| (agent, Vec::new()));
        Ok(Self {
            poll: Poll::new()?,
            start: Instant::now(),
            accounts: accounts.collect(),
            ready: VecDeque::new(),
            timers: BTreeSet::new(),
            sockets: HashMap::new(),
            last: 0,
        })
    }

    pub(crate) fn now(&self) -> Moment {
        let wall = UNIX_EPOCH.elapsed().unwrap_or_default();
        let monotonic = self.start.elapsed();
        Moment { monotonic, wall }
    }

    pub(crate) fn call(&mut self, account: usize, call: Call) {
        self.accounts[account].1.push(call);
        self.ready.push_back(account);
    }

    /// Returns an agent to use directly. Its work is done in the next turn.
    pub(crate) fn agent(&mut self, account: usize) -> &mut TokenAgent {
        self.ready.push_back(account);
        &mut self.accounts[account].0
    }

    /// Does what can be done, and waits at most this long for more.
    pub(crate) fn turn(&mut self, at_most: Duration) -> io::Result<()> {
        while self.sockets.len() < MOST_SOCKETS {
            let Some(account) = self.ready.pop_front() else {
                break;
            };
            self.poll_account(account);
        }
        let deadlines = self.sockets.values().map(|(socket, ..)| socket.deadline);
        let due = deadlines
            .chain(self.timers.first().map(|timer| timer.0))
            .min();
        let wait = due.map_or(at_most, |due| due.saturating_sub(self.start.elapsed()));
        let mut events = Events::with_capacity(MOST_SOCKETS);
        self.poll.poll(&mut events, Some(wait.min(at_most)))?;
        let now = self.start.elapsed();
        let is_due = |timer: &(Duration, usize)| timer.0 <= now;
        while let Some((_, account)) = self.timers.first().copied().filter(is_due) {
            self.timers.pop_first();
            self.ready.push_back(account);
        }
        let due = self
            .sockets
            .iter()
            .filter(|(_, (socket, ..))| socket.deadline <= now);
        let tokens = due
            .map(|(token, _)| *token)
            .chain(events.iter().map(Event::token));
        for token in tokens.collect::<Vec<_>>() {
            let socket = self.sockets.get_mut(&token).map(|(socket, ..)| socket);
            if let Some(result) = socket.and_then(|socket| socket.advance(now)) {
                if let Some((_, account, sender)) = self.sockets.remove(&token) {
                    self.report(account, sender, result);
                }
            }
        }
        Ok(())
    }

    fn poll_account(&mut self, account: usize) {
        let now = self.now();
        for mut call in std::mem::take(&mut self.accounts[account].1) {
            match call.call.poll(&mut self.accounts[account].0, now) {
                CallStep::Send(request) => {
                    let (rules, request) = (request.rules(), request.with_body(call.body.clone()));
                    self.send(account, Sender::Call(Box::new(call)), &request, rules);
                }
                CallStep::Wait(wait) => {
                    self.timers.insert((now.monotonic + wait, account));
                    self.accounts[account].1.push(call);
                }
                CallStep::Deliver { .. } => (call.done)(Ok(call.response)),
                CallStep::Fail(error) => (call.done)(Err(error)),
            }
        }
        if let Some(Work::Exchange(ticket, request)) = self.accounts[account].0.poll_work(now) {
            let rules = ticket.rules();
            self.send(account, Sender::Agent(ticket), &request, rules);
        }
    }

    fn send<B: AsRef<[u8]>>(
        &mut self,
        account: usize,
        sender: Sender,
        request: &Request<B>,
        rules: TransportRules,
    ) {
        self.last += 1;
        let token = Token(self.last);
        let socket = Socket::open(request, rules, self.start.elapsed());
        match socket.and_then(|socket| socket.registered(self.poll.registry(), token)) {
            Some(socket) => drop(self.sockets.insert(token, (socket, account, sender))),
            None => self.report(account, sender, Err(TransportFailure::NotSent)),
        }
    }

    fn report(&mut self, account: usize, sender: Sender, result: Result<Reply, TransportFailure>) {
        let (now, jitter) = (self.now(), Jitter::from_bits(fastrand::u32(..)));
        let (agent, calls) = &mut self.accounts[account];
        match sender {
            Sender::Agent(ticket) => drop(agent.on_result(ticket, result, now, jitter)),
            Sender::Call(mut call) => {
                call.response = call.call.on_result(result).unwrap_or_default();
                calls.push(*call);
            }
        }
        self.ready.push_back(account);
    }
}

/// What one thread and one site have room for.
const MOST_SOCKETS: usize = 64;
