//! Gives Redis a rest after it failed to respond.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::RedisError;

/// Remembers when Redis last failed to respond; `None` if it has responded since.
#[derive(Debug, Default)]
pub(crate) struct Circuit(Mutex<Option<Instant>>);

impl Circuit {
    /// Checks that Redis may get a command now.
    ///
    /// # Errors
    /// Returns [`RedisError::Resting`] if it failed less than five seconds ago.
    pub(crate) fn check(&self, now: Instant) -> Result<(), RedisError> {
        let failed = *self.failed();
        let is_resting = |failed| now.saturating_duration_since(failed) < REST;
        if failed.is_some_and(is_resting) {
            return Err(RedisError::Resting);
        }
        Ok(())
    }

    /// Takes the outcome of a command.
    pub(crate) fn record<T>(&self, outcome: &Result<T, RedisError>, now: Instant) {
        let is_outage = outcome.as_ref().is_err_and(RedisError::is_outage);
        *self.failed() = is_outage.then_some(now);
    }

    fn failed(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const REST: Duration = Duration::from_secs(5);

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
}
