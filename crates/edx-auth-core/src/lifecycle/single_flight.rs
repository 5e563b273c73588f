//! Single-flight: at most one caller at a time is elected to get a token.

mod table;

#[cfg(test)]
use core::hash::{Hash as _, Hasher};
use core::time::Duration;

use crate::time::Moment;

pub(super) use table::{Phase, Trigger};

/// The phase of the one renewal, until when it lasts, and which attempt is elected. Counts on the
/// monotonic clock alone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct SingleFlight {
    phase: Phase,
    until: Duration,
    attempt: u64,
}

impl SingleFlight {
    pub(super) fn idle() -> Self {
        Self {
            phase: Phase::Idle,
            until: Duration::ZERO,
            attempt: 0,
        }
    }

    /// Returns the phase at this moment. Leases and backoffs end by themselves.
    pub(super) fn phase(&self, now: Moment) -> Phase {
        let end = match self.phase {
            Phase::InFlight => Trigger::LeaseExpired,
            Phase::Idle | Phase::BackingOff | Phase::Blocked => Trigger::BackoffOver,
        };
        let has_ended = now.monotonic >= self.until;
        let next = has_ended.then(|| self.phase.after(end)).flatten();
        next.unwrap_or(self.phase)
    }

    /// Returns how much longer the phase lasts if nothing happens.
    pub(super) fn left(&self, now: Moment) -> Duration {
        self.until.saturating_sub(now.monotonic)
    }

    /// Elects the next attempt if none is in flight and no backoff is on; returns its number.
    pub(super) fn elect(&mut self, lease: Duration, now: Moment) -> Option<u64> {
        self.phase = self.phase(now);
        self.apply(Trigger::Elected, lease, now).then(|| {
            self.attempt += 1;
            self.attempt
        })
    }

    /// Reports whether this attempt is the elected one, even if its lease has expired: no other
    /// attempt was elected since.
    pub(super) fn is_elected(&self, attempt: u64) -> bool {
        self.phase == Phase::InFlight && self.attempt == attempt
    }

    /// Moves on to the phase that follows, for this long. Reports whether there is one.
    pub(super) fn apply(&mut self, trigger: Trigger, lasting: Duration, now: Moment) -> bool {
        let next = self.phase.after(trigger);
        if let Some(next) = next {
            self.phase = next;
            self.until = now.monotonic.saturating_add(lasting);
        }
        next.is_some()
    }
}

#[cfg(test)]
impl SingleFlight {
    /// Hashes everything that matters from now on, without absolute times.
    pub(super) fn project(&self, now: Moment, into: &mut impl Hasher) {
        (self.phase, self.phase(now), self.left(now)).hash(into);
    }

    /// Returns how many attempts were elected so far.
    pub(super) fn elections(&self) -> u64 {
        self.attempt
    }
}
