//! A lifecycle, its model and the facts, who live through the same and have to agree.

mod attempts;
mod callers;
mod exchange;
mod kept;

use edx_auth_core::{Attempt, Generation, Moment, RenewalPolicy, RenewalReason, TokenLifecycle};

use crate::deed::{Deed, Nudge, Stretch};
use crate::facts::Facts;
use crate::model::{Clocks, Model, Ticket, Time, duration, time};
use crate::numbers::Numbers;
use crate::told::{Answer, Next, Told, Why, needs, number};

use exchange::{MILLI, SECOND};

pub(crate) struct World {
    policy: RenewalPolicy,
    numbers: Numbers,
    lifecycle: TokenLifecycle,
    model: Model,
    facts: Facts,
    attempts: Vec<Pending>,
    callers: [Caller; 4],
}

/// An attempt, the model's side of it, and when its request really left.
type Pending = (Attempt, Ticket, Time);

#[derive(Clone, Copy, Default)]
struct Caller {
    given: Option<Generation>,
    refused: Option<Generation>,
}

impl World {
    pub(crate) fn new(policy: RenewalPolicy, numbers: Numbers) -> Self {
        let now = Clocks {
            monotonic: 1_000 * SECOND,
            wall: 1_700_000_000 * SECOND,
        };
        Self {
            policy,
            numbers,
            lifecycle: TokenLifecycle::new(policy),
            model: Model::new(numbers, now),
            facts: Facts::default(),
            attempts: Vec::new(),
            callers: [Caller::default(); 4],
        }
    }

    pub(crate) fn happen(&mut self, deed: &Deed) {
        match *deed {
            Deed::Pass(stretch) => self.pass(self.length(stretch)),
            Deed::Suspend(stretch) => {
                let length = self.length(stretch);
                self.facts.real += length;
                self.model.now.wall += length;
            }
            Deed::SetBack(stretch) => {
                let wall = self.model.now.wall - self.length(stretch);
                self.model.now.wall = wall.max(0);
            }
            Deed::SetForward(stretch) => self.model.now.wall += self.length(stretch),
            Deed::Falter(stretch) => {
                let monotonic = self.model.now.monotonic - self.length(stretch);
                self.model.now.monotonic = monotonic.max(0);
                self.facts.faltered = true;
            }
            Deed::Ask { caller } => self.ask(caller, 0),
            Deed::AskFor { caller, validity } => self.ask(caller, self.length(validity)),
            Deed::Begin(attempt) => {
                self.begin(attempt.into());
            }
            Deed::Settle {
                attempt,
                outcome,
                jitter,
            } => self.settle(attempt.into(), outcome, jitter),
            Deed::Fetch {
                name,
                expires_in,
                jitter,
            } => self.fetch((name, expires_in.into()), jitter),
            Deed::Abandon { attempt, jitter } => self.abandon(attempt.into(), jitter),
            Deed::Refuse { caller } => self.refuse(caller),
            Deed::Force => {
                let event = self.lifecycle.renew_now(RenewalReason::Forced, self.now());
                assert_eq!(Told::from(&event), self.model.force());
            }
            Deed::ChangeCredentials => {
                let event = self
                    .lifecycle
                    .renew_now(RenewalReason::NewCredentials, self.now());
                assert_eq!(Told::from(&event), self.model.change_credentials());
                self.facts.credentials_changed();
            }
            Deed::Adopt {
                name,
                life,
                age,
                jitter,
            } => {
                let born = self.model.now.wall - self.length(age);
                self.adopt((name, self.length(life), born.max(0)), jitter);
            }
            Deed::AdoptFromFuture {
                name,
                life,
                ahead,
                jitter,
            } => {
                let born = self.model.now.wall + self.length(ahead);
                self.adopt((name, self.length(life), born), jitter);
            }
            Deed::Restart { jitter } => self.restart(jitter),
        }
        self.compare_health();
        self.look_ahead();
    }

    /// Whatever happened, a caller who keeps asking gets a token in the end.
    pub(crate) fn come_to_rest(&mut self) {
        self.attempts.clear();
        for _ in 0..20 {
            match self.step(0, None) {
                (Next::Use { .. } | Next::Renew { .. }, _) => return,
                (Next::Join { wait, .. } | Next::Pause { wait, .. }, _) => self.pass(wait),
                (Next::Fetch { .. }, _) => self.fetch((0, 3600), 0),
            }
        }
        panic!("nobody ever gets a token");
    }

    fn compare_health(&self) {
        let health = self.lifecycle.health(self.now());
        let pause = health.backoff.as_ref();
        let pause = pause.map(|(left, cause)| (time(*left), Why::from(cause)));
        assert_eq!(health.token, self.model.state());
        assert_eq!(time(health.usable_for), self.model.left_to_use());
        assert_eq!(health.generation.map(number), self.model.generation());
        assert_eq!(health.is_renewing, self.model.is_asking());
        assert_eq!(pause, self.model.pause());
        let counts = [health.issued, health.failures, health.rejected];
        assert_eq!(counts, self.model.counts);
    }

    /// What would come of a refusal right now, asked of copies: what is hidden comes to light.
    fn look_ahead(&self) {
        let (mut lifecycle, mut model) = (self.lifecycle.clone(), self.model.clone());
        let now = self.now();
        let Some(held) = lifecycle.health(now).generation else {
            return;
        };
        let answer = Answer::from(lifecycle.invalidate(held, now));
        assert_eq!(answer, model.invalidate(number(held)));
        let (need, same_need) = needs(0, Some(held));
        let next = Next::from(&lifecycle.step_for(need, now));
        assert_eq!(next, model.step(same_need).0);
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
        format!("{:?}", self.lifecycle)
    }
}
