//! What comes of an attempt.

use core::time::Duration;

use super::failures::Failures;
use super::held::Held;
use super::table::Trigger;
use super::{Attempt, Event, Generation, Moment, RenewalError, RenewalReason, TokenLifecycle};
use crate::jitter::Jitter;
use crate::token::IssuedToken;

impl TokenLifecycle {
    /// A token arrived.
    pub(super) fn issued(
        &mut self,
        attempt: &Attempt,
        issued: IssuedToken,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        let life = issued.lifetime();
        let birth = (attempt.born, Duration::ZERO);
        let held = Held::new((issued.into_token(), life), birth, &self.policy, jitter).arrived(now);
        let is_elected = self.is_elected(attempt);
        if is_elected && !held.is_usable(now) && !fault!(NothingDeadReplacesAToken) {
            return self.failed(attempt, RenewalError::DeadOnArrival, now, jitter);
        }
        let is_of_use = attempt.credentials == self.credentials && self.is_better(&held, now);
        if !is_elected && !is_of_use {
            return Event::Stale;
        }
        if is_elected {
            self.work.turn(Trigger::Issued, Duration::ZERO, now);
            self.failures = Failures::default();
            self.setback = None;
        }
        if attempt.reason == RenewalReason::Rejected {
            self.refusals.climb(&self.policy, now);
        }
        self.owed = None;
        self.counts.mints += 1;
        let usable_for = held.usable_for(now);
        Event::Renewed {
            generation: self.hold(held),
            reason: attempt.reason,
            usable_for,
        }
    }

    /// None arrived. Only the elected attempt's failure counts.
    pub(super) fn failed(
        &mut self,
        attempt: &Attempt,
        cause: RenewalError,
        now: Moment,
        jitter: Jitter,
    ) -> Event {
        if !self.is_elected(attempt) {
            return Event::Stale;
        }
        let trigger = if cause.is_retryable() {
            Trigger::Failed
        } else {
            Trigger::Denied
        };
        let pause = self.failures.pause(&cause, &self.policy, jitter);
        self.work.turn(trigger, pause, now);
        self.setback = Some(cause.clone());
        self.counts.failures += 1;
        if fault!(FailuresTakeNoToken) {
            self.held = None;
        }
        Event::Failed {
            cause,
            reason: attempt.reason,
            pause,
        }
    }

    /// Gives a token its number and keeps it.
    pub(super) fn hold(&mut self, mut held: Held) -> Generation {
        self.last_generation = self.last_generation.next();
        held.generation = self.last_generation;
        self.held = Some(held);
        self.last_generation
    }

    /// Whether this attempt counts: nobody has taken its place, and the credentials are the same.
    pub(super) fn is_elected(&self, attempt: &Attempt) -> bool {
        attempt.credentials == self.credentials && self.work.is_elected(attempt.number)
    }

    /// Usable, and for longer than what is held.
    pub(super) fn is_better(&self, held: &Held, now: Moment) -> bool {
        let outlives = |own: &Held| held.outlives(own, now) && !held.is_same_token(own);
        held.is_usable(now) && self.held.as_ref().is_none_or(outlives)
    }
}
