//! Attempts, from their election to whatever end.

use edx_auth_core::{Event, Jitter};

use super::{Pending, World, exchange};
use crate::deed::Outcome;
use crate::facts::Life;
use crate::model::{Ticket, time};
use crate::told::{Told, Why, number};

impl World {
    /// Whether the attempt still counts, and so goes on.
    pub(super) fn begin(&mut self, at: usize) -> bool {
        let Some((attempt, mut ticket, _)) = self.take(at) else {
            return false;
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
        counts
    }

    pub(super) fn settle(&mut self, at: usize, outcome: Outcome, jitter: u32) {
        let Some((attempt, ticket, real)) = self.take(at) else {
            return;
        };
        let before = self.shown();
        let held = self.model.generation();
        let (result, now) = (exchange::result(outcome), self.now());
        let event = self
            .lifecycle
            .settle(attempt, result, now, Jitter::from_bits(jitter));
        let foreseen = match outcome {
            Outcome::Issued { name, expires_in } => {
                let length = exchange::life(expires_in);
                let told = self
                    .model
                    .bring(&ticket, exchange::name(name), length, jitter);
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
                self.model.fail(&ticket, why, asked, jitter)
            }
        };
        self.ended(&ticket, &event, &foreseen, (&before, held));
    }

    /// The last attempt is made at once, and brings this token.
    pub(super) fn fetch(&mut self, (name, expires_in): (u8, u32), jitter: u32) {
        let Some(last) = self.attempts.len().checked_sub(1) else {
            return;
        };
        if self.begin(last) {
            self.settle(last, Outcome::Issued { name, expires_in }, jitter);
        }
    }

    pub(super) fn abandon(&mut self, at: usize, jitter: u32) {
        let Some((attempt, ticket, _)) = self.take(at) else {
            return;
        };
        let (before, held) = (self.shown(), self.model.generation());
        let event = self
            .lifecycle
            .abandon(attempt, self.now(), Jitter::from_bits(jitter));
        let foreseen = self.model.fail(&ticket, Why::Abandoned, None, jitter);
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

    fn take(&mut self, at: usize) -> Option<Pending> {
        let count = self.attempts.len();
        (count > 0).then(|| self.attempts.remove(at % count))
    }
}
