//! Gives Redis a rest after it failed to respond.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::RedisError;

/// Remembers when Redis last failed to respond, and whether it ever did.
#[derive(Debug, Default)]
pub(crate) struct Circuit(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    failed: Option<Instant>,
    is_past_start: bool,
}

impl Circuit {
    /// Checks that Redis may get a command now.
    ///
    /// # Errors
    /// Returns [`RedisError::Resting`] if it failed less than five seconds ago.
    pub(crate) fn check(&self, now: Instant) -> Result<(), RedisError> {
        let failed = self.state().failed;
        let is_resting = |failed| now.saturating_duration_since(failed) < REST;
        if failed.is_some_and(is_resting) {
            return Err(RedisError::Resting);
        }
        Ok(())
    }

    /// Takes the outcome of a command.
    pub(crate) fn record<T>(&self, outcome: &Result<T, RedisError>, now: Instant) {
        let is_outage = outcome.as_ref().is_err_and(RedisError::is_outage);
        let mut state = self.state();
        state.failed = is_outage.then_some(now);
        state.is_past_start |= !is_outage;
    }

    /// Returns how long a process waits that starts while Redis is down: a random part of this time or of five
    /// seconds, once. So a fleet that restarts then does not request all of its tokens at the same instant.
    pub(crate) fn start_jitter(&self, within: Duration) -> Duration {
        let is_past_start = std::mem::replace(&mut self.state().is_past_start, true);
        if is_past_start {
            return Duration::ZERO;
        }
        within.min(START).mul_f32(fastrand::f32())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const REST: Duration = Duration::from_secs(5);
const START: Duration = Duration::from_secs(5);

#[cfg(test)]
mod tests {
    use super::*;

    const MILLI: Duration = Duration::from_millis(1);

    fn outage() -> Result<(), RedisError> {
        Err(RedisError::TimedOut)
    }

    #[test]
    fn redis_rests_for_five_seconds_after_it_failed_to_respond() {
        let (circuit, now) = (Circuit::default(), Instant::now());
        circuit.check(now).unwrap();

        circuit.record(&outage(), now);

        let before = now.checked_add(REST.saturating_sub(MILLI)).unwrap();
        assert!(matches!(circuit.check(before), Err(RedisError::Resting)));
        circuit.check(now.checked_add(REST).unwrap()).unwrap();
    }

    #[test]
    fn an_error_that_redis_itself_sends_gives_it_no_rest() {
        let (circuit, now) = (Circuit::default(), Instant::now());

        circuit.record::<()>(&Err(RedisError::Full("OOM")), now);

        circuit.check(now).unwrap();
    }

    #[test]
    fn the_first_claim_alone_waits_and_only_if_redis_never_responded() {
        let (circuit, now) = (Circuit::default(), Instant::now());
        circuit.record(&outage(), now);
        let waits: Vec<_> = (0..100)
            .map(|_| Circuit::default().start_jitter(Duration::MAX))
            .collect();

        assert!(waits.iter().all(|wait| *wait < START));
        assert!(waits.iter().any(|wait| *wait > Duration::ZERO));
        assert!(circuit.start_jitter(MILLI) < MILLI);
        assert_eq!(circuit.start_jitter(START), Duration::ZERO);

        let responding = Circuit::default();
        responding.record(&Ok(()), now);
        responding.record(&outage(), now);
        assert_eq!(responding.start_jitter(START), Duration::ZERO);
    }
}
