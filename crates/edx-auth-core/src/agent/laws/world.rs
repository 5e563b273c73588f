//! A simulation around one agent, with callers, clocks, a site and a program. It knows what really
//! happened, and notes every broken law.

mod callers;
mod denials;
mod digest;
mod life;
pub(in crate::agent) mod mix;
mod rejections;
mod rest;
mod stored;
mod wait;
mod worker;

use core::time::Duration;
use std::vec::Vec;

use super::Law;
use super::exchange::{Report, Ticket, credentials, foreign_tickets, number_of, request, token};
use super::history::{Action, CALLERS, History, Outcome};
use crate::agent::{Acquire, TokenAgent, Work};
use crate::jitter::Jitter;
use crate::lifecycle::{
    Event, Generation, Invalidation, LiveToken, Need, RenewalPolicy, RenewalReason, StoredToken,
    TokenState, WaitBudget,
};
use crate::time::Moment;

use denials::Denials;
use life::Life;
use rejections::RejectionBackoff;
use wait::Wait;

/// The numbers of a policy that the laws are about.
#[derive(Clone, Copy)]
pub(in crate::agent) struct Numbers {
    pub(in crate::agent) lease: Duration,
    /// The first and the longest distance between renewals that rejected tokens cause.
    pub(in crate::agent) rejections: (Duration, Duration),
    /// How long no token is rejected until that distance starts over.
    pub(in crate::agent) calm: Duration,
    pub(in crate::agent) longest_wait: Duration,
    /// How long each caller waits.
    pub(in crate::agent) budgets: [Duration; CALLERS],
}

#[derive(Clone)]
pub(in crate::agent) struct World {
    agent: TokenAgent,
    numbers: Numbers,
    /// The time that really passed. The clocks in `now` may differ.
    real: Duration,
    now: Moment,
    out: Option<Out>,
    /// The latest tickets that no longer count.
    invalid: Vec<Ticket>,
    keeps_invalid: bool,
    tokens: Vec<(Generation, Life)>,
    /// The token that was cached last, as the store has it.
    own: Option<StoredToken>,
    serial: u64,
    callers: [Caller; CALLERS],
    flight: Option<Flight>,
    elections: u64,
    /// How often other credentials took the place of those in use, and ended their attempt.
    changes: u64,
    /// How long no token may be requested, and whether new credentials end that.
    backoff: (Wait, bool),
    rejections: RejectionBackoff,
    denials: Denials,
    broken: Vec<Law>,
}

/// The piece of work that was handed out and is not yet reported.
#[derive(Clone)]
struct Out {
    ticket: Ticket,
    life: Life,
    credentials: usize,
    election: u64,
    changes: u64,
}

/// The attempt in flight.
#[derive(Clone, Copy)]
struct Flight {
    lease_until: Duration,
}

/// The token that a caller was given last, and the last one that it reported as rejected.
#[derive(Clone, Copy, Default, PartialEq)]
struct Caller {
    given: Option<Generation>,
    rejected: Option<Generation>,
}

impl World {
    /// Returns the laws that this history breaks.
    pub(super) fn live_through(history: &History) -> Vec<Law> {
        let agent = TokenAgent::new(request(), RenewalPolicy::DEFAULT);
        let mut world = Self::new(agent, DEFAULT, history.is_provided);
        world.invalid.extend(foreign_tickets());
        world.keeps_invalid = true;
        for action in &history.actions {
            world.happen(action);
        }
        world.come_to_rest();
        world.broken
    }

    pub(in crate::agent) fn new(agent: TokenAgent, numbers: Numbers, is_provided: bool) -> Self {
        let agent = if is_provided {
            agent.with_provided_credentials()
        } else {
            agent
        };
        Self {
            agent,
            numbers,
            real: Duration::ZERO,
            now: Moment {
                monotonic: Duration::ZERO,
                wall: Duration::from_secs(1_000_000_000),
            },
            out: None,
            invalid: Vec::new(),
            keeps_invalid: false,
            tokens: Vec::new(),
            own: None,
            serial: 0,
            callers: [Caller::default(); CALLERS],
            flight: None,
            elections: 0,
            changes: 0,
            backoff: (Wait::default(), false),
            rejections: RejectionBackoff::default(),
            denials: Denials::default(),
            broken: Vec::new(),
        }
    }

    pub(in crate::agent) fn broken(&self) -> &[Law] {
        &self.broken
    }

    /// Reports whether this action can do what no other action does. The search leaves out the rest.
    pub(in crate::agent) fn may_matter(&self, action: &Action) -> bool {
        let ticket = self.out.as_ref().map(|out| &out.ticket);
        // Callers in the same state are interchangeable: only the first of them acts.
        let is_first = |caller: usize| {
            let (before, _) = self.callers.split_at(caller);
            !before.contains(&self.callers[caller])
        };
        match action {
            Action::Acquire { caller, .. } => is_first(*caller),
            Action::Reject(caller) => self.callers[*caller].given.is_some() && is_first(*caller),
            Action::Poll => self.agent.next_work(self.now).is_some(),
            Action::Provide { .. } => matches!(ticket, Some(Ticket::Credentials(_))),
            Action::Find { .. } => matches!(ticket, Some(Ticket::Store(_))),
            Action::End { .. } => matches!(ticket, Some(Ticket::Exchange(_))),
            _ => true,
        }
    }

    /// Lets this action happen, and checks the laws about it.
    pub(in crate::agent) fn happen(&mut self, action: &Action) {
        match *action {
            Action::Pass(time) => self.pass(time),
            Action::Suspend(time) => {
                self.real += time;
                self.now.wall += time;
            }
            Action::SetBack(time) => self.now.wall = self.now.wall.saturating_sub(time),
            Action::SetForward(time) => self.now.wall += time,
            Action::Acquire { caller, validity } => self.acquire(caller, validity),
            Action::Poll => self.poll(),
            Action::Provide {
                credentials,
                jitter,
            } => self.provide(credentials, jitter),
            Action::Find { found, jitter } => self.find(found, jitter),
            Action::End { outcome, jitter } => self.end(outcome, jitter),
            Action::Work {
                credentials,
                outcome,
                jitter,
            } => self.work_at_once(credentials, outcome, jitter),
            Action::Lose { jitter } => self.lose(jitter),
            Action::ReportLate {
                ticket,
                outcome,
                jitter,
            } => self.report_late(ticket, outcome, jitter),
            Action::Reject(caller) => self.reject(caller),
            Action::Force => drop(self.agent.renew_now()),
            Action::SetCredentials(which) => self.set_credentials(which),
            Action::Announce => {
                self.agent.credentials_changed();
                self.denials.announce();
            }
            Action::Restore { life, age, jitter } => self.restore(life, age, jitter),
        }
        self.notice_elections(action);
    }

    fn pass(&mut self, time: Duration) {
        self.real += time;
        self.now.wall += time;
        self.now.monotonic += time;
    }

    /// Notes an election that this action caused, and checks the laws about elections.
    fn notice_elections(&mut self, action: &Action) {
        let (elections, reason) = self.agent.elections();
        if elections == self.elections {
            return;
        }
        let now = self.now.monotonic;
        let is_alone = self.flight.is_none_or(|flight| now >= flight.lease_until);
        let is_apart = reason != Some(RenewalReason::Rejected)
            || self.rejections.keeps_distance(&self.numbers, self.now);
        self.check(
            Law::OneAttemptAtATime,
            is_alone && elections == self.elections + 1,
        );
        self.check(
            Law::NoElectionInABackoff,
            self.backoff.0.has_ended(self.now),
        );
        self.check(Law::RejectionsKeepTheirDistance, is_apart);
        // A wall clock that is set back later does not bring the backoff back.
        self.backoff = (Wait::default(), false);
        self.denials.rest(self.now);
        self.elections = elections;
        self.flight = Some(Flight {
            lease_until: now + self.numbers.lease,
        });
        if matches!(action, Action::Acquire { .. }) {
            self.denials.elect();
        }
    }

    fn restore(&mut self, seconds: u64, age: Duration, jitter: Jitter) {
        self.serial += 1;
        let born = self.now.wall.saturating_sub(age);
        let lifetime = Duration::from_secs(seconds - 1);
        let stored = StoredToken::new(token(self.serial), lifetime, born);
        let event = self.agent.restore(stored, self.now, jitter);
        let life = Life {
            age_then: age,
            seconds: seconds - 1,
            ..Life::born_at(self.real, self.now)
        };
        if let Event::Restored { generation, .. } = event {
            self.cached(generation, life);
        }
    }

    fn cached(&mut self, generation: Generation, life: Life) {
        self.tokens.truncate(1);
        self.tokens.insert(0, (generation, life));
        self.own = self.agent.export(self.now);
    }

    /// Checks a wait that the agent returned.
    fn told_to_wait(&mut self, wait: Duration) {
        let is_bounded = !wait.is_zero() && wait <= self.numbers.longest_wait;
        self.check(Law::WaitsArePositiveAndBounded, is_bounded);
    }

    /// Returns the token that a caller which accepts any would be given.
    fn served(&self) -> Option<Generation> {
        let budget = WaitBudget::new(Duration::ZERO, self.now);
        match self.agent.clone().acquire(Need::any(), &budget, self.now) {
            Acquire::Ready(token) => Some(token.generation()),
            Acquire::Wait(_) | Acquire::Failed(_) => None,
        }
    }

    fn check(&mut self, law: Law, holds: bool) {
        if !holds {
            self.broken.push(law);
        }
    }
}

const DEFAULT: Numbers = Numbers {
    lease: Duration::from_secs(25),
    rejections: (Duration::from_secs(10), Duration::from_secs(600)),
    calm: Duration::from_secs(20 * 60),
    // An hour that a server may ask for, and a quarter more by jitter.
    longest_wait: Duration::from_secs(75 * 60),
    budgets: [
        Duration::from_secs(25),
        Duration::from_secs(2 * 60 * 60),
        Duration::from_secs(25),
    ],
};
