//! An agent, its model and the facts: they go through the same actions and must agree.

mod callers;
mod exchange;
mod kept;
mod worker;

use edx_auth_core::{Event, ExchangeTicket, Generation, Moment, RenewalPolicy, TokenAgent};

use crate::action::{Action, Nudge, Stretch};
use crate::facts::Facts;
use crate::model::{Clocks, Model, Ticket, Time, duration, time};
use crate::numbers::{Length, Numbers};
use crate::report::{Next, Report, Why, needs, number};

use exchange::{MILLI, SECOND};

pub(crate) struct World {
    policy: RenewalPolicy,
    numbers: Numbers,
    agent: TokenAgent,
    model: Model,
    facts: Facts,
    /// The model's ticket of the attempt that has not begun.
    elected: Option<Ticket>,
    /// The token request in flight.
    out: Option<Out>,
    callers: [Caller; 4],
}

/// A token request in flight: the agent's ticket, the model's ticket, and when it was sent by real time.
type Out = (ExchangeTicket, Ticket, Time);

#[derive(Clone, Copy, Default)]
struct Caller {
    given: Option<Generation>,
    rejected: Option<Generation>,
}

impl World {
    pub(crate) fn new(policy: RenewalPolicy, mut numbers: Numbers) -> Self {
        // The lease exceeds the deadline of a token request, which is zero here, by this much.
        if numbers.lease.time() < SHORTEST_LEASE.time() {
            numbers.lease = SHORTEST_LEASE;
        }
        let now = Clocks {
            monotonic: 1_000 * SECOND,
            wall: 1_700_000_000 * SECOND,
        };
        Self {
            policy,
            numbers,
            agent: TokenAgent::new(exchange::request(0), policy),
            model: Model::new(numbers, now),
            facts: Facts::default(),
            elected: None,
            out: None,
            callers: [Caller::default(); 4],
        }
    }

    pub(crate) fn happen(&mut self, action: &Action) {
        match *action {
            Action::Pass(stretch) => self.pass(self.length(stretch)),
            Action::Suspend(stretch) => {
                let length = self.length(stretch);
                self.facts.real += length;
                self.model.now.wall += length;
            }
            Action::SetBack(stretch) => {
                let wall = self.model.now.wall - self.length(stretch);
                self.model.now.wall = wall.max(0);
            }
            Action::SetForward(stretch) => self.model.now.wall += self.length(stretch),
            Action::Falter(stretch) => {
                let monotonic = self.model.now.monotonic - self.length(stretch);
                self.model.now.monotonic = monotonic.max(0);
                self.facts.faltered = true;
            }
            Action::Ask { caller } => self.ask(caller, 0),
            Action::AskFor { caller, validity } => self.ask(caller, self.length(validity)),
            Action::Poll { .. } => self.poll(),
            Action::End {
                outcome, jitter, ..
            } => self.end(outcome, jitter),
            Action::Fetch {
                name,
                expires_in,
                jitter,
            } => self.fetch((name, expires_in.into()), jitter),
            Action::Lose { jitter, .. } => self.lose(jitter),
            Action::Reject { caller } => self.reject(caller),
            Action::Force => {
                let need = self.agent.renew_now();
                let held = self.agent.health(self.now()).generation;
                assert_eq!(need, needs(0, held).0);
                self.model.force();
            }
            Action::ChangeCredentials => self.change_credentials(),
            Action::Restore {
                name,
                life,
                age,
                jitter,
            } => {
                let born = self.model.now.wall - self.length(age);
                self.restore((name, self.length(life), born.max(0)), jitter);
            }
            Action::RestoreFromFuture {
                name,
                life,
                ahead,
                jitter,
            } => {
                let born = self.model.now.wall + self.length(ahead);
                self.restore((name, self.length(life), born), jitter);
            }
            Action::Restart { jitter } => self.restart(jitter),
        }
        self.compare_health();
        self.compare_work();
    }

    fn change_credentials(&mut self) {
        let credentials = exchange::request(self.facts.changes() + 1)
            .credentials()
            .clone();
        let event = self.agent.set_credentials(credentials.clone(), self.now());
        assert_eq!(Report::from(&event), self.model.change_credentials());
        self.facts.credentials_changed();
        self.elected = None;
        // Doing it again changes nothing.
        let (before, now) = (self.shown(), self.now());
        let event = self.agent.set_credentials(credentials, now);
        assert!(matches!(event, Event::CredentialsUnchanged));
        assert_eq!(self.shown(), before);
    }

    /// Checks that after any history a caller that keeps asking gets a token.
    pub(crate) fn come_to_rest(&mut self) {
        self.lose(0);
        if self.facts.faltered {
            // A lease ends only when the clock that went back has counted up to its end again.
            self.pass(CENTURY);
        }
        for _ in 0..20 {
            let budget = self.numbers.longest_wait();
            match self.acquire((0, None), budget) {
                (Next::Ready { .. }, _) => return,
                (Next::Wait(_), _) if self.elected.is_some() => self.fetch((0, 3600), 0),
                (
                    Next::Wait(wait)
                    | Next::Failed {
                        wait: Some(wait), ..
                    },
                    _,
                ) => self.pass(wait),
                (Next::Failed { .. }, _) => panic!("a caller with time fails"),
            }
        }
        panic!("no caller ever gets a token");
    }

    fn compare_health(&self) {
        let health = self.agent.health(self.now());
        let pause = health.backoff.zip(health.error.as_ref());
        let pause = pause.map(|(left, cause)| (time(left), Why::from(cause)));
        assert_eq!(health.token, self.model.state());
        assert_eq!(health.usable_for.map(time), Some(self.model.left_to_use()));
        assert_eq!(health.generation.map(number), self.model.generation());
        assert_eq!(health.is_renewing, self.model.is_renewing());
        assert_eq!(pause, self.model.pause());
        let counts = [health.issued, health.failures, health.rejected];
        assert_eq!(counts, self.model.counts);
    }

    /// Checks that the agent has work exactly if there is an attempt that has not begun, its lease lasts,
    /// and no request is in flight.
    fn compare_work(&self) {
        let elected = self.elected.as_ref().filter(|_| self.out.is_none());
        let has_work = elected.is_some_and(|ticket| self.model.may_begin(ticket));
        assert_eq!(self.agent.next_work(self.now()).is_some(), has_work);
    }

    fn pass(&mut self, length: Time) {
        self.facts.real += length;
        self.model.now.monotonic += length;
        self.model.now.wall += length;
    }

    fn length(&self, stretch: Stretch) -> Time {
        match stretch {
            Stretch::Millis(millis) => Time::from(millis) * MILLI,
            Stretch::Seconds(seconds) => Time::from(seconds) * SECOND,
            Stretch::Hours(hours) => Time::from(hours) * 3600 * SECOND,
            Stretch::Until(mark, nudge) => {
                let nudge = match nudge {
                    Nudge::OnTheDot => 0,
                    Nudge::Before(millis) => -Time::from(millis),
                    Nudge::After(millis) => Time::from(millis),
                };
                (self.model.left(mark) + nudge * MILLI).max(0)
            }
        }
    }

    fn now(&self) -> Moment {
        Moment {
            monotonic: duration(self.model.now.monotonic),
            wall: duration(self.model.now.wall),
        }
    }

    fn shown(&self) -> String {
        format!("{:?}", self.agent)
    }
}

const SHORTEST_LEASE: Length = Length::Seconds(5);

const CENTURY: Time = 100 * 365 * 24 * 3600 * SECOND;
