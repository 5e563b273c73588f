//! A hash of the simulation's state, without absolute times.

use core::hash::{Hash as _, Hasher as _};
use core::mem;
use core::time::Duration;

use super::mix::Mix;
use super::{Generation, World};

impl World {
    /// Returns a hash of everything that decides what can happen next: worlds with the same possible
    /// futures have the same hash.
    pub(in crate::agent) fn digest(&self) -> u64 {
        let now = self.now.monotonic;
        let left = |until: Duration| until.saturating_sub(now);
        let mut hasher = Mix::default();
        self.agent_digest().hash(&mut hasher);
        let held = self.agent.health(self.now).generation;
        let place = |generation: Option<Generation>| match generation {
            None => 0_u8,
            generation if generation == held => 1,
            Some(_) => 2,
        };
        let mut callers = self
            .callers
            .map(|caller| (place(caller.given), place(caller.rejected)));
        // Callers have the same budget, so which of them is which makes no difference.
        callers.sort_unstable();
        callers.hash(&mut hasher);
        let flight = self.flight.map(|flight| left(flight.lease_until));
        let backoff = self.backoff.0.left(self.now);
        let ends_with_credentials = self.backoff.1 && !backoff.is_zero();
        (flight, backoff, ends_with_credentials).hash(&mut hasher);
        self.rejections
            .project(&self.numbers, self.now, &mut hasher);
        self.denials.project(self.now, &mut hasher);
        self.out.is_some().hash(&mut hasher);
        if let Some(out) = &self.out {
            let kind = mem::discriminant(&out.ticket);
            let is_current = out.election == self.elections;
            let counts = out.changes == self.changes;
            (kind, is_current, counts, out.credentials).hash(&mut hasher);
        }
        hasher.finish()
    }

    /// Returns a hash of the agent's state alone.
    pub(super) fn agent_digest(&self) -> u64 {
        let mut hasher = Mix::default();
        self.agent.project(self.now, &mut hasher);
        hasher.finish()
    }
}
