//! A condition variable whose timed waits end when the scenario's time has come: those of the
//! scheduler never do.

use std::sync::{Arc, LockResult, Mutex as Unscheduled, PoisonError};
use std::time::Duration;

use super::{MutexGuard, Place};
use crate::time::Timer;

#[derive(Debug, Default)]
pub struct Condvar {
    /// Never locked where another thread may come in between.
    places: Unscheduled<Vec<Arc<Place>>>,
}

#[derive(Clone, Copy, Debug)]
pub struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    #[must_use]
    pub fn timed_out(self) -> bool {
        self.0
    }
}

impl Condvar {
    #[must_use]
    pub const fn new() -> Self {
        Self {
            places: Unscheduled::new(Vec::new()),
        }
    }

    /// # Errors
    /// Where somebody has panicked with the lock in hand.
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let place = self.take_a_place();
        let mutex = guard.unlock();
        place.wait();
        mutex.lock()
    }

    /// # Errors
    /// Where somebody has panicked with the lock in hand.
    pub fn wait_while<'a, T>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut waits: impl FnMut(&mut T) -> bool,
    ) -> LockResult<MutexGuard<'a, T>> {
        while waits(&mut guard) {
            guard = self.wait(guard)?;
        }
        Ok(guard)
    }

    /// # Errors
    /// Where somebody has panicked with the lock in hand.
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        longest: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let place = self.take_a_place();
        let timer = Timer::after(longest, Arc::clone(&place).into());
        let mutex = guard.unlock();
        place.wait();
        let timed_out = WaitTimeoutResult(timer.has_rung());
        drop(timer);
        self.leave(&place);
        match mutex.lock() {
            Ok(guard) => Ok((guard, timed_out)),
            Err(poisoned) => Err(PoisonError::new((poisoned.into_inner(), timed_out))),
        }
    }

    pub fn notify_one(&self) {
        crate::pause();
        let first = {
            let mut places = self.places();
            (!places.is_empty()).then(|| places.remove(0))
        };
        if let Some(place) = first {
            place.ring();
        }
    }

    pub fn notify_all(&self) {
        crate::pause();
        let places = std::mem::take(&mut *self.places());
        for place in places {
            place.ring();
        }
    }

    fn take_a_place(&self) -> Arc<Place> {
        let place = Place::new();
        self.places().push(Arc::clone(&place));
        place
    }

    fn leave(&self, own: &Arc<Place>) {
        self.places().retain(|place| !Arc::ptr_eq(place, own));
    }

    fn places(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Place>>> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
