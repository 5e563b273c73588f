//! The asking: its phase, until when, and who is elected.

use core::time::Duration;

use super::Moment;
use super::table::{Phase, Trigger};

/// Where the asking stands, by the monotonic clock alone.
#[derive(Clone, Debug)]
pub(super) struct Work {
    phase: Phase,
    until: Duration,
    attempt: u64,
}

impl Work {
    pub(super) fn resting() -> Self {
        Self {
            phase: Phase::Resting,
            until: Duration::ZERO,
            attempt: 0,
        }
    }

    /// The phase at this moment. Leases and pauses end by themselves.
    pub(super) fn phase(&self, now: Moment) -> Phase {
        let over = match self.phase {
            Phase::Asking => Trigger::LeaseOver,
            Phase::Resting | Phase::Pausing | Phase::Barred => Trigger::PauseOver,
        };
        let next = self.has_ended(now).then(|| self.phase.after(over));
        next.flatten().unwrap_or(self.phase)
    }

    fn has_ended(&self, now: Moment) -> bool {
        let is_asking = self.phase == Phase::Asking;
        if is_asking && fault!(NobodyIsStuck) {
            return false;
        }
        let is_asking_over = is_asking && fault!(OneAttemptAtATime);
        let is_pause_over = !is_asking && fault!(NobodyAsksInAPause);
        is_asking_over || is_pause_over || now.monotonic >= self.until
    }

    /// How long the phase lasts on, if nothing happens.
    pub(super) fn left(&self, now: Moment) -> Duration {
        self.until.saturating_sub(now.monotonic)
    }

    /// Elects the next attempt, if nobody asks and nobody pauses; its number.
    pub(super) fn elect(&mut self, lease: Duration, now: Moment) -> Option<u64> {
        self.phase = self.phase(now);
        self.turn(Trigger::Elected, lease, now).then(|| {
            self.attempt += 1;
            self.attempt
        })
    }

    /// Whether this attempt is the elected one, lease over or not: nobody has taken its place.
    pub(super) fn is_elected(&self, attempt: u64) -> bool {
        self.phase == Phase::Asking && self.attempt == attempt
    }

    /// Goes on to the phase that follows, for so long; says whether there is one.
    pub(super) fn turn(&mut self, trigger: Trigger, lasting: Duration, now: Moment) -> bool {
        let next = self.phase.after(trigger);
        if let Some(next) = next {
            self.phase = next;
            self.until = now.monotonic.saturating_add(lasting);
        }
        next.is_some()
    }
}
