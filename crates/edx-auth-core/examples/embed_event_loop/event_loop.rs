//! An event loop that makes the API calls of any number of accounts on one thread.

use std::collections::HashMap;
use std::io;
use std::time::{Duration, Instant, UNIX_EPOCH};

use edx_auth_core::{
    ApiCall, CallError, CallStep, ExchangeTicket, Jitter, Moment, TokenAgent, TransportFailure,
    TransportRules, Work,
};
use http::Request;
use mio::event::Event;
use mio::{Events, Poll, Token};

use super::http1::HttpResponse;
use super::socket::Socket;

pub(crate) struct EventLoop {
    pub(crate) poll: Poll,
    pub(crate) accounts: Vec<Account>,
    sockets: HashMap<Token, (Socket, usize, Sender)>,
    last: usize,
    start: Instant,
}

/// One account: the agent with its token, and the calls that wait for a token or to be sent again.
pub(crate) struct Account {
    pub(crate) agent: TokenAgent,
    pub(crate) calls: Vec<Call>,
    /// When to poll the calls next.
    pub(crate) due: Duration,
}

/// An API call, and what to do with its result.
pub(crate) struct Call {
    pub(crate) request: ApiCall,
    pub(crate) body: Vec<u8>,
    pub(crate) response: HttpResponse,
    pub(crate) done: Box<dyn FnOnce(Result<HttpResponse, CallError>) + Send>,
}

/// What gets the result of a socket.
enum Sender {
    Agent(ExchangeTicket),
    Call(Box<Call>),
}

impl EventLoop {
    pub(crate) fn new(accounts: Vec<Account>) -> io::Result<Self> {
        Ok(Self {
            poll: Poll::new()?,
            accounts,
            sockets: HashMap::new(),
            last: 0,
            start: Instant::now(),
        })
    }

    pub(crate) fn now(&self) -> Moment {
        let wall = UNIX_EPOCH.elapsed().unwrap_or_default();
        let monotonic = self.start.elapsed();
        Moment { monotonic, wall }
    }

    /// Waits, at most this long, until a socket or an account can continue, and takes each that can one
    /// step further.
    pub(crate) fn turn(&mut self, at_most: Duration) -> io::Result<()> {
        let has_room = self.sockets.len() < MOST_SOCKETS;
        let accounts = self.accounts.iter().filter(|_| has_room);
        let due = accounts.map(|account| account.due);
        let deadlines = self.sockets.values().map(|(socket, ..)| socket.deadline);
        let due = due.chain(deadlines).min().unwrap_or(Duration::MAX);
        let wait = due.saturating_sub(self.start.elapsed()).min(at_most);
        let mut events = Events::with_capacity(MOST_SOCKETS);
        match self.poll.poll(&mut events, Some(wait)) {
            // A signal has ended the wait.
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            polled => polled?,
        }

        let now = self.start.elapsed();
        let overdue = self
            .sockets
            .iter()
            .filter(|socket| socket.1.0.deadline <= now);
        let tokens = overdue.map(|(token, _)| *token);
        let tokens: Vec<_> = tokens.chain(events.iter().map(Event::token)).collect();
        for token in tokens {
            let socket = self.sockets.get_mut(&token).map(|(socket, ..)| socket);
            if let Some(result) = socket.and_then(|socket| socket.advance(now)) {
                if let Some((_, account, sender)) = self.sockets.remove(&token) {
                    self.report(account, sender, result);
                }
            }
        }
        for account in 0..self.accounts.len() {
            if self.accounts[account].due <= now && self.sockets.len() < MOST_SOCKETS {
                self.poll_account(account);
            }
        }
        Ok(())
    }

    /// Takes each call of this account one step further, then starts the agent's work if there is any.
    fn poll_account(&mut self, index: usize) {
        let now = self.now();
        self.accounts[index].due = Duration::MAX;
        for mut call in std::mem::take(&mut self.accounts[index].calls) {
            let account = &mut self.accounts[index];
            match call.request.poll(&mut account.agent, now) {
                CallStep::Send(request) => {
                    let (rules, request) = (request.rules(), request.with_body(call.body.clone()));
                    self.send(index, Sender::Call(Box::new(call)), &request, rules);
                }
                CallStep::Wait(wait) => {
                    account.due = account.due.min(now.monotonic.saturating_add(wait));
                    account.calls.push(call);
                }
                CallStep::Deliver { .. } => (call.done)(Ok(call.response)),
                CallStep::Fail(error) => (call.done)(Err(error)),
            }
        }
        if let Some(Work::Exchange(ticket, request)) = self.accounts[index].agent.poll_work(now) {
            let rules = ticket.rules();
            self.send(index, Sender::Agent(ticket), &request, rules);
        }
    }

    fn send(
        &mut self,
        account: usize,
        sender: Sender,
        request: &Request<impl AsRef<[u8]>>,
        rules: TransportRules,
    ) {
        self.last += 1;
        let (token, registry) = (Token(self.last), self.poll.registry());
        match Socket::open(request, rules, self.start.elapsed(), (registry, token)) {
            Some(socket) => drop(self.sockets.insert(token, (socket, account, sender))),
            None => self.report(account, sender, Err(TransportFailure::NotSent)),
        }
    }

    fn report(
        &mut self,
        account: usize,
        sender: Sender,
        result: Result<HttpResponse, TransportFailure>,
    ) {
        let (now, jitter) = (self.now(), Jitter::from_bits(fastrand::u32(..)));
        let account = &mut self.accounts[account];
        match sender {
            Sender::Agent(ticket) => drop(account.agent.on_result(ticket, result, now, jitter)),
            Sender::Call(mut call) => {
                call.response = call.request.on_result(result).unwrap_or_default();
                account.calls.push(*call);
            }
        }
        account.due = Duration::ZERO;
    }
}

/// How many sockets are open at most: as many as suit one thread and one site.
const MOST_SOCKETS: usize = 64;
