//! A lifecycle, its model and the facts, who live through the same and have to agree.

mod exchange;

use edx_auth_core::{
    AccessToken, Attempt, Event, Generation, Moment, Need, Reason, RenewalPolicy, Spread, Step,
    StoredToken, TokenLifecycle, TokenType,
};

use crate::deed::{Deed, Outcome, Stretch};
use crate::facts::{Facts, Life};
use crate::model::{self, Clocks, Model, Ticket, Time, duration, time};
use crate::numbers::Numbers;
use crate::told::{Answer, Next, Told, Why, number};

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
            Deed::Begin(attempt) => self.begin(attempt),
            Deed::Settle {
                attempt,
                outcome,
                spread,
            } => self.settle(attempt, outcome, spread),
            Deed::Abandon { attempt, spread } => self.abandon(attempt, spread),
            Deed::Refuse { caller } => self.refuse(caller),
            Deed::Force => {
                let event = self.lifecycle.renew_now(Reason::Forced, self.now());
                assert_eq!(Told::from(&event), self.model.force());
            }
            Deed::ChangeCredentials => {
                let event = self.lifecycle.renew_now(Reason::NewCredentials, self.now());
                assert_eq!(Told::from(&event), self.model.change_credentials());
                self.facts.credentials_changed();
            }
            Deed::Adopt {
                name,
                life,
                age,
                spread,
            } => {
                let born = self.model.now.wall - self.length(age);
                self.adopt((name, self.length(life), born.max(0)), spread);
            }
            Deed::AdoptFromFuture {
                name,
                life,
                ahead,
                spread,
            } => {
                let born = self.model.now.wall + self.length(ahead);
                self.adopt((name, self.length(life), born), spread);
            }
            Deed::Restart { spread } => self.restart(spread),
        }
        self.compare_health();
    }

    /// Whatever happened, a caller who keeps asking gets a token in the end.
    pub(crate) fn come_to_rest(&mut self) {
        self.attempts.clear();
        for _ in 0..20 {
            match self.step(Need::default()) {
                (Next::Use { .. } | Next::Renew { .. }, _) => return,
                (Next::Join { wait, .. } | Next::Pause { wait, .. }, _) => self.pass(wait),
                (Next::Fetch { .. }, _) => {
                    let outcome = Outcome::Issued {
                        name: 0,
                        expires_in: 3600,
                    };
                    self.settle(0, outcome, 0);
                }
            }
        }
        panic!("nobody ever gets a token");
    }

    fn ask(&mut self, caller: u8, validity: Time) {
        let caller = usize::from(caller) % self.callers.len();
        let refused = self.callers[caller].refused;
        let need = Need {
            min_validity: duration(validity),
            newer_than: refused,
        };
        if let (_, Some(given)) = self.step(need) {
            let now = self.model.now;
            self.facts.served(number(given), refused.map(number), now);
            self.callers[caller].given = Some(given);
        }
    }

    /// One step of both; what was said, and which token was handed out.
    fn step(&mut self, need: Need) -> (Next, Option<Generation>) {
        let step = self.lifecycle.step_for(need, self.now());
        let said = Next::from(&step);
        let (foreseen, ticket) = self.model.step(model::Need {
            validity: time(need.min_validity),
            refused: need.newer_than.map(number),
        });
        assert_eq!(said, foreseen);
        if let Next::Join { wait, .. } | Next::Pause { wait, .. } = said {
            self.facts.told_to_wait(wait, self.numbers.longest_wait());
        }
        let (token, attempt) = match step {
            Step::Use(token) => (Some(token), None),
            Step::Renew(token, attempt) => (Some(token), Some(attempt)),
            Step::Fetch(attempt) => (None, Some(attempt)),
            Step::Join { .. } | Step::Pause { .. } => (None, None),
        };
        if let Some((attempt, ticket)) = attempt.zip(ticket) {
            let lease = self.numbers.lease.time();
            let now = self.model.now.monotonic;
            self.facts.elected(ticket.election, now, lease);
            self.attempts.push((attempt, ticket, self.facts.real));
        }
        (said, token.map(|token| token.generation()))
    }

    fn begin(&mut self, at: u8) {
        let Some((attempt, mut ticket, _)) = self.take(at) else {
            return;
        };
        let counts = self.model.begin(&mut ticket);
        match self.lifecycle.begin(attempt, self.now()) {
            Ok(attempt) => {
                assert!(counts);
                let until = self.model.now.monotonic + self.numbers.lease.time();
                self.facts.begun(ticket.election, until);
                self.attempts.push((attempt, ticket, self.facts.real));
            }
            Err(event) => {
                assert!(!counts);
                assert_eq!(Told::from(&event), Told::Stale);
            }
        }
    }

    fn settle(&mut self, at: u8, outcome: Outcome, spread: u32) {
        let Some((attempt, ticket, real)) = self.take(at) else {
            return;
        };
        let before = self.shown();
        let held = self.model.generation();
        let (result, now) = (exchange::result(outcome), self.now());
        let event = self
            .lifecycle
            .settle(attempt, result, now, Spread::from_bits(spread));
        let foreseen = match outcome {
            Outcome::Issued { name, expires_in } => {
                let length = exchange::life(expires_in);
                let told = self
                    .model
                    .bring(ticket, exchange::name(name), length, spread);
                if let Told::Renewed { generation, .. } = told {
                    let life = Life {
                        real,
                        clocks: ticket.born,
                        age: 0,
                        length,
                    };
                    self.facts.born(generation, life);
                }
                told
            }
            failure => {
                let (why, asked) = exchange::failure(failure);
                self.model.fail(ticket, why, asked, spread)
            }
        };
        self.ended(&ticket, &event, &foreseen, (&before, held));
    }

    fn abandon(&mut self, at: u8, spread: u32) {
        let Some((attempt, ticket, _)) = self.take(at) else {
            return;
        };
        let (before, held) = (self.shown(), self.model.generation());
        let event = self
            .lifecycle
            .abandon(attempt, self.now(), Spread::from_bits(spread));
        let foreseen = self.model.fail(ticket, Why::Abandoned, None, spread);
        self.ended(&ticket, &event, &foreseen, (&before, held));
    }

    /// A stale end changes nothing, and a failure takes no token from anybody.
    fn ended(
        &mut self,
        ticket: &Ticket,
        event: &Event,
        foreseen: &Told,
        (before, held): (&str, Option<u64>),
    ) {
        assert_eq!(Told::from(event), *foreseen);
        self.facts.ended(ticket.election);
        let generation = self.lifecycle.health(self.now()).generation.map(number);
        match event {
            Event::Stale => assert_eq!(self.shown(), before, "a stale end"),
            Event::Failed { cause, pause, .. } => {
                assert_eq!(generation, held, "a failure took a token");
                let pause = time(*pause);
                self.facts.told_to_wait(pause, self.numbers.longest_wait());
                let until = self.model.now.monotonic + pause;
                self.facts.paused(until, !cause.is_retryable());
            }
            _ => assert!(generation > held, "a token of an older generation"),
        }
    }

    fn refuse(&mut self, caller: u8) {
        let caller = usize::from(caller) % self.callers.len();
        let Some(given) = self.callers[caller].given else {
            return;
        };
        let (before, now) = (self.shown(), self.now());
        let held = self.lifecycle.health(now);
        let answer = Answer::from(self.lifecycle.invalidate(given, now));
        assert_eq!(answer, self.model.invalidate(number(given)));
        let after = self.lifecycle.health(now);
        assert_eq!(held.generation, after.generation, "a refusal took a token");
        assert_eq!(held.usable_for, after.usable_for, "a refusal took a token");
        match answer {
            Answer::AlreadyReplaced => assert_eq!(self.shown(), before, "an old refusal"),
            Answer::TooYoung { wait } => {
                assert_eq!(self.shown(), before, "a young token's refusal");
                self.facts.told_to_wait(wait, self.numbers.longest_wait());
            }
            Answer::WillRenew { wait } => {
                self.facts.told_to_wait(wait, self.numbers.longest_wait());
                self.callers[caller].refused = Some(given);
            }
        }
    }

    fn adopt(&mut self, (name, length, born): (u8, Time, Time), spread: u32) {
        let (name, now) = (exchange::name(name), self.now());
        let token = AccessToken::new(TokenType::Jwt, &exchange::text(name));
        let token = token.expect("letters and digits");
        let stored = StoredToken::new(token, duration(length), duration(born));
        let before = self.shown();
        let event = self.lifecycle.adopt(stored, now, Spread::from_bits(spread));
        let foreseen = self.model.adopt((name, length, born), spread);
        assert_eq!(Told::from(&event), foreseen);
        match foreseen {
            Told::Adopted { generation, .. } => {
                let life = Life {
                    real: self.facts.real,
                    clocks: self.model.now,
                    age: (self.model.now.wall - born).max(0),
                    length,
                };
                self.facts.born(generation, life);
            }
            _ => assert_eq!(self.shown(), before, "a token that was not adopted"),
        }
    }

    fn restart(&mut self, spread: u32) {
        let (kept, foreseen) = (self.lifecycle.store(self.now()), self.model.store());
        assert_eq!(kept.is_some(), foreseen.is_some());
        let (real, faltered) = (self.facts.real, self.facts.faltered);
        let now = self.model.now;
        *self = Self::new(self.policy, self.numbers);
        self.model.now = now;
        (self.facts.real, self.facts.faltered) = (real, faltered);
        if let Some((kept, (name, life, born))) = kept.zip(foreseen) {
            let (life, born) = (life / MILLI, born / MILLI);
            let text = format!(
                "edx-auth-token/1 {born} {life} JWT {}\n",
                exchange::text(name)
            );
            assert_eq!(String::from_utf8(kept.to_bytes()), Ok(text));
            self.adopt((name, life * MILLI, born * MILLI), spread);
        }
    }

    fn compare_health(&self) {
        let health = self.lifecycle.health(self.now());
        let pause = health.pause.as_ref();
        let pause = pause.map(|(left, cause)| (time(*left), Why::from(cause)));
        assert_eq!(health.token, self.model.state());
        assert_eq!(time(health.usable_for), self.model.left_to_use());
        assert_eq!(health.generation.map(number), self.model.generation());
        assert_eq!(health.is_asking, self.model.is_asking());
        assert_eq!(pause, self.model.pause());
        let counts = [health.mints, health.failures, health.refused];
        assert_eq!(counts, self.model.counts);
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
            Stretch::Until { mark, nudge } => {
                let length = self.model.left(mark) + Time::from(nudge) * MILLI;
                length.max(0)
            }
        }
    }

    fn take(&mut self, at: u8) -> Option<Pending> {
        let count = self.attempts.len();
        (count > 0).then(|| self.attempts.remove(usize::from(at) % count))
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
