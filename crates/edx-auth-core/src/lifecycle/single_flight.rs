//! Single-flight: at most one caller at a time is elected to get a token.

mod table;

#[cfg(test)]
use core::hash::{Hash as _, Hasher};
use core::time::Duration;

use crate::time::{Moment, Pause};

pub(super) use table::{Phase, Trigger};

/// The phase of the one renewal, since when and for how long it lasts, and which attempt is elected.
#[derive(Clone, Debug)]
pub(super) struct SingleFlight {
    phase: Phase,
    since: Moment,
    lasting: Duration,
    attempt: u64,
}

impl SingleFlight {
    pub(super) fn idle() -> Self {
        Self {
            phase: Phase::Idle,
            since: Moment::default(),
            lasting: Duration::ZERO,
            attempt: 0,
        }
    }

    /// Returns the phase at this moment. Leases and backoffs end by themselves.
    pub(super) fn phase(&self, now: Moment) -> Phase {
        let end = match self.phase {
            Phase::InFlight => Trigger::LeaseExpired,
            Phase::Idle | Phase::BackingOff | Phase::Blocked => Trigger::BackoffOver,
        };
        let has_ended = self.left(now).is_zero();
        let next = has_ended.then(|| self.phase.after(end)).flatten();
        next.unwrap_or(self.phase)
    }

    /// Returns how much longer the phase lasts if nothing happens.
    ///
    /// A backoff is a [`Pause`]. A lease counts on the monotonic clock, as the deadline of its token request
    /// does.
    pub(super) fn left(&self, now: Moment) -> Duration {
        match self.phase {
            Phase::InFlight => {
                let passed = now.monotonic.saturating_sub(self.since.monotonic);
                self.lasting.saturating_sub(passed)
            }
            Phase::Idle | Phase::BackingOff | Phase::Blocked => {
                Pause::new(self.lasting, self.since).left(now)
            }
        }
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

    /// Moves on to the phase that the table names, for this long. Reports whether it names one.
    pub(super) fn apply(&mut self, trigger: Trigger, lasting: Duration, now: Moment) -> bool {
        let next = self.phase.after(trigger);
        if let Some(next) = next {
            self.phase = next;
            self.since = now;
            self.lasting = lasting;
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
