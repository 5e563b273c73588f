//! A condition variable whose timed waits end by the scenario's clock. The scheduler's own condition variable
//! never times out.

use std::sync::{Arc, LockResult, Mutex as Unscheduled, PoisonError};
use std::time::Duration;

use super::{MutexGuard, Signal};
use crate::time::Timer;

#[derive(Debug, Default)]
pub struct Condvar {
    /// Never locked while another thread may run.
    waiting: Unscheduled<Vec<Arc<Signal>>>,
}

/// The result of a timed wait. It does not say whether the wait timed out: the engine does not need to know.
#[derive(Clone, Copy, Debug)]
pub struct WaitTimeoutResult(());

impl Condvar {
    #[must_use]
    pub const fn new() -> Self {
        Self {
            waiting: Unscheduled::new(Vec::new()),
        }
    }

    /// # Errors
    /// Returns an error if a thread panicked while holding the lock.
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        let signal = self.register();
        let mutex = guard.unlock();
        signal.wait();
        mutex.lock()
    }

    /// # Errors
    /// Returns an error if a thread panicked while holding the lock.
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
    /// Returns an error if a thread panicked while holding the lock.
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        timeout: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let signal = self.register();
        let timer = Timer::after(timeout, Arc::clone(&signal).into());
        let mutex = guard.unlock();
        signal.wait();
        let result = WaitTimeoutResult(());
        drop(timer);
        self.remove(&signal);
        match mutex.lock() {
            Ok(guard) => Ok((guard, result)),
            Err(poisoned) => Err(PoisonError::new((poisoned.into_inner(), result))),
        }
    }

    pub fn notify_all(&self) {
        crate::pause();
        let waiting = std::mem::take(&mut *self.waiting());
        for signal in waiting {
            signal.set();
        }
    }

    fn register(&self) -> Arc<Signal> {
        let signal = Signal::new();
        self.waiting().push(Arc::clone(&signal));
        signal
    }

    fn remove(&self, own: &Arc<Signal>) {
        self.waiting().retain(|signal| !Arc::ptr_eq(signal, own));
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Vec<Arc<Signal>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
