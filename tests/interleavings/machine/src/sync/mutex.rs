//! The lock of the scheduler, with a guard that knows its mutex.

use std::ops::{Deref, DerefMut};
use std::sync::{LockResult, PoisonError};

use shuttle::sync as scheduled;

#[derive(Debug, Default)]
pub struct Mutex<T>(scheduled::Mutex<T>);

#[derive(Debug)]
pub struct MutexGuard<'a, T> {
    mutex: &'a Mutex<T>,
    guard: scheduled::MutexGuard<'a, T>,
}

impl<T> Mutex<T> {
    #[track_caller]
    pub const fn new(value: T) -> Self {
        Self(scheduled::Mutex::new(value))
    }

    /// # Errors
    /// Returns an error if a thread panicked while holding the lock.
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let guarded = |guard| MutexGuard { mutex: self, guard };
        match self.0.lock() {
            Ok(guard) => Ok(guarded(guard)),
            Err(poisoned) => Err(PoisonError::new(guarded(poisoned.into_inner()))),
        }
    }
}

impl<'a, T> MutexGuard<'a, T> {
    pub(super) fn unlock(self) -> &'a Mutex<T> {
        self.mutex
    }
}

impl<T> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.guard
    }
}

impl<T> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        &mut self.guard
    }
}
