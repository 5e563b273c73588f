//! A world around one lifecycle that knows what really happened, and notes every broken law.

mod ladder;
mod life;

use core::time::Duration;
use std::collections::BTreeMap;
use std::vec::Vec;

use super::Law;
use super::exchange::{issued, refused};
use super::history::{CALLERS, Deed, Outcome};
use crate::jitter::Jitter;
use crate::lifecycle::{
    Attempt, Event, Generation, Invalidation, LiveToken, Moment, Need, RenewalError, RenewalPolicy,
    RenewalReason, Step, StoredToken, TokenLifecycle, TokenState,
};
use crate::token::IssuedToken;

use ladder::Ladder;
use life::Life;

pub(super) struct World {
    lifecycle: TokenLifecycle,
    real: Duration,
    now: Moment,
    attempts: Vec<Pending>,
    tokens: BTreeMap<Generation, Life>,
    callers: [Caller; CALLERS],
    credentials: usize,
    /// Until when nobody may ask, and whether new credentials end that.
    pause: (Duration, bool),
    ladder: Ladder,
    broken: Vec<Law>,
}

/// An election that has not settled.
struct Pending {
    attempt: Attempt,
    lease_until: Duration,
    credentials: usize,
    life: Life,
}

#[derive(Clone, Copy, Default)]
struct Caller {
    given: Option<Generation>,
    refused: Option<Generation>,
}

impl World {
    /// The laws that this history breaks.
    pub(super) fn live_through(history: &[Deed]) -> Vec<Law> {
        let mut world = Self::new();
        for deed in history {
            world.happen(deed);
        }
        world.come_to_rest();
        world.broken
    }

    fn new() -> Self {
        let start = Duration::from_secs(1_000_000_000);
        Self {
            lifecycle: TokenLifecycle::new(RenewalPolicy::DEFAULT),
            real: Duration::ZERO,
            now: Moment {
                monotonic: Duration::ZERO,
                wall: start,
            },
            attempts: Vec::new(),
            tokens: BTreeMap::new(),
            callers: [Caller::default(); CALLERS],
            credentials: 0,
            pause: (Duration::ZERO, false),
            ladder: Ladder::default(),
            broken: Vec::new(),
        }
    }

    fn happen(&mut self, deed: &Deed) {
        match *deed {
            Deed::Pass(time) => self.pass(time),
            Deed::Suspend(time) => {
                self.real += time;
                self.now.wall += time;
            }
            Deed::SetBack(time) => self.now.wall = self.now.wall.saturating_sub(time),
            Deed::SetForward(time) => self.now.wall += time,
            Deed::Ask { caller, validity } => self.ask(caller, validity),
            Deed::Begin(at) => self.begin(at),
            Deed::Settle {
                attempt,
                outcome,
                jitter,
            } => self.settle(attempt, outcome, jitter),
            Deed::Fetch { life, jitter } => self.fetch(life, jitter),
            Deed::Abandon { attempt, jitter } => self.abandon(attempt, jitter),
            Deed::Refuse(caller) => self.refuse(caller),
            Deed::Force => drop(self.lifecycle.renew_now(RenewalReason::Forced, self.now)),
            Deed::ChangeCredentials => self.change_credentials(),
            Deed::Adopt { life, age, jitter } => self.adopt(life, age, jitter),
        }
    }

    fn pass(&mut self, time: Duration) {
        self.real += time;
        self.now.wall += time;
        self.now.monotonic += time;
    }

    fn ask(&mut self, caller: usize, validity: Duration) {
        let need = Need {
            min_validity: validity,
            newer_than: self.callers[caller].refused,
        };
        match self.lifecycle.step_for(need, self.now) {
            Step::Use(token) => self.given(caller, &token),
            Step::Renew(token, attempt) => {
                self.given(caller, &token);
                self.elected(attempt);
            }
            Step::Fetch(attempt) => self.elected(attempt),
            Step::Join { wait, .. } | Step::Pause { wait, .. } => self.told_to_wait(wait),
        }
    }

    fn given(&mut self, caller: usize, token: &LiveToken) {
        let generation = token.generation();
        let caller = &mut self.callers[caller];
        caller.given = Some(generation);
        let comes_back = caller.refused.is_some_and(|refused| generation <= refused);
        let is_over = self.tokens[&generation].is_surely_over(self.real, self.now);
        self.check(Law::NoRefusedTokenComesBack, !comes_back);
        self.check(Law::NoExpiredTokenIsServed, !is_over);
    }

    fn elected(&mut self, attempt: Attempt) {
        let now = self.now.monotonic;
        let is_alive =
            |other: &Pending| other.credentials == self.credentials && now < other.lease_until;
        let is_alone = !self.attempts.iter().any(is_alive);
        let is_apart =
            attempt.reason() != RenewalReason::Rejected || self.ladder.keeps_distance(now);
        self.check(Law::OneAttemptAtATime, is_alone);
        self.check(Law::NobodyAsksInAPause, now >= self.pause.0);
        self.check(Law::RefusalsKeepTheirDistance, is_apart);
        self.attempts.push(Pending {
            attempt,
            lease_until: now + LEASE,
            credentials: self.credentials,
            life: Life::born_at(self.real, self.now),
        });
    }

    fn begin(&mut self, at: usize) {
        let Some(pending) = self.take(at) else { return };
        let Ok(attempt) = self.lifecycle.begin(pending.attempt, self.now) else {
            return;
        };
        self.attempts.push(Pending {
            attempt,
            lease_until: self.now.monotonic + LEASE,
            life: Life::born_at(self.real, self.now),
            ..pending
        });
    }

    fn fetch(&mut self, life: u64, jitter: Jitter) {
        let Some(last) = self.attempts.len().checked_sub(1) else {
            return;
        };
        self.begin(last);
        self.settle(last, Outcome::Issued { life }, jitter);
    }

    fn settle(&mut self, at: usize, outcome: Outcome, jitter: Jitter) {
        let Some(pending) = self.take(at) else { return };
        let Outcome::Issued { life } = outcome else {
            let before = self.served();
            let error = Err::<IssuedToken, _>(refused(outcome));
            let event = self
                .lifecycle
                .settle(pending.attempt, error, self.now, jitter);
            return self.failed(before, &event);
        };
        let life = Life {
            seconds: life - 1,
            ..pending.life
        };
        let held = self.lifecycle.health(self.now).generation;
        let issued = Ok::<_, RenewalError>(issued(life.seconds + 1));
        let event = self
            .lifecycle
            .settle(pending.attempt, issued, self.now, jitter);
        let replaced = self.lifecycle.health(self.now).generation != held;
        self.check(
            Law::NothingDeadReplacesAToken,
            !(replaced && life.is_counted_out(self.now)),
        );
        self.note(&event, life);
    }

    fn abandon(&mut self, at: usize, jitter: Jitter) {
        let Some(pending) = self.take(at) else { return };
        let before = self.served();
        let event = self.lifecycle.abandon(pending.attempt, self.now, jitter);
        self.failed(before, &event);
    }

    fn failed(&mut self, before: Option<Generation>, event: &Event) {
        let after = self.served();
        self.check(Law::FailuresTakeNoToken, before == after);
        if let Event::Failed { cause, pause, .. } = event {
            self.pause = (self.now.monotonic + *pause, !cause.is_retryable());
        }
    }

    fn refuse(&mut self, caller: usize) {
        let Some(given) = self.callers[caller].given else {
            return;
        };
        let before = self.served();
        let (state, usable) = (std::format!("{:?}", self.lifecycle), self.is_usable());
        let held = self.lifecycle.health(self.now).generation;
        let refusal = self.lifecycle.invalidate(given, self.now);
        let changed = std::format!("{:?}", self.lifecycle) != state;
        if held != Some(given) {
            self.check(Law::OldRefusalsChangeNothing, !changed);
        }
        let after = self.served();
        self.check(Law::RefusalsTakeNoToken, before == after);
        match refusal {
            Invalidation::AlreadyReplaced => {}
            Invalidation::TooYoung { wait } => self.told_to_wait(wait),
            Invalidation::WillRenew { wait } => {
                self.told_to_wait(wait);
                self.callers[caller].refused = Some(given);
                if usable {
                    self.ladder.hear(self.now.monotonic);
                }
            }
        }
    }

    fn change_credentials(&mut self) {
        let _owed = self
            .lifecycle
            .renew_now(RenewalReason::NewCredentials, self.now);
        self.credentials += 1;
        if self.pause.1 {
            self.pause = (Duration::ZERO, false);
        }
    }

    fn adopt(&mut self, seconds: u64, age: Duration, jitter: Jitter) {
        let born = self.now.wall.saturating_sub(age);
        let found = issued(seconds);
        let stored = StoredToken::new(found.token().clone(), found.lifetime(), born);
        let event = self.lifecycle.adopt(stored, self.now, jitter);
        let life = Life {
            age_then: age,
            seconds: seconds - 1,
            ..Life::born_at(self.real, self.now)
        };
        self.note(&event, life);
    }

    /// Whatever happened, a caller who keeps asking gets a token in the end.
    fn come_to_rest(&mut self) {
        self.attempts.clear();
        for _ in 0..20 {
            let attempt = match self.lifecycle.step(self.now) {
                Step::Use(_) | Step::Renew(..) => return,
                Step::Fetch(attempt) => attempt,
                Step::Join { wait, .. } | Step::Pause { wait, .. } => {
                    self.pass(wait.min(LONGEST_WAIT));
                    continue;
                }
            };
            let token = Ok::<_, RenewalError>(issued(3600));
            let _event = self
                .lifecycle
                .settle(attempt, token, self.now, Jitter::NONE);
        }
        self.broken.push(Law::NobodyIsStuck);
    }

    fn note(&mut self, event: &Event, life: Life) {
        match event {
            Event::Renewed {
                generation, reason, ..
            } => {
                self.tokens.insert(*generation, life);
                if *reason == RenewalReason::Rejected {
                    self.ladder.climb(self.now.monotonic);
                }
            }
            Event::Adopted { generation, .. } => {
                self.tokens.insert(*generation, life);
            }
            Event::Failed { .. } => self.failed(self.served(), event),
            _ => {}
        }
    }

    fn told_to_wait(&mut self, wait: Duration) {
        let is_bounded = !wait.is_zero() && wait <= LONGEST_WAIT;
        self.check(Law::WaitsArePositiveAndBounded, is_bounded);
    }

    /// The token that a caller without any need would be given.
    fn served(&self) -> Option<Generation> {
        match self.lifecycle.clone().step(self.now) {
            Step::Use(token) | Step::Renew(token, _) => Some(token.generation()),
            Step::Fetch(_) | Step::Join { .. } | Step::Pause { .. } => None,
        }
    }

    fn is_usable(&self) -> bool {
        let state = self.lifecycle.health(self.now).token;
        matches!(state, TokenState::Fresh | TokenState::Due)
    }

    fn take(&mut self, at: usize) -> Option<Pending> {
        (at < self.attempts.len()).then(|| self.attempts.remove(at))
    }

    fn check(&mut self, law: Law, holds: bool) {
        if !holds {
            self.broken.push(law);
        }
    }
}

const LEASE: Duration = Duration::from_secs(25);

/// An hour that a server may ask for, and a quarter more by chance.
const LONGEST_WAIT: Duration = Duration::from_secs(75 * 60);
