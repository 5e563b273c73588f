//! A number that others wait for.

use std::sync::{Condvar, Mutex};

#[derive(Debug, Default)]
pub(crate) struct Count {
    number: Mutex<usize>,
    changed: Condvar,
}

impl Count {
    pub(crate) fn add(&self) {
        *self.number.lock().unwrap() += 1;
        self.changed.notify_all();
    }

    pub(crate) fn number(&self) -> usize {
        *self.number.lock().unwrap()
    }

    /// Waits until the number is at least this high.
    pub(crate) fn reaches(&self, enough: usize) {
        let number = self.number.lock().unwrap();
        let is_less = |number: &mut usize| *number < enough;
        drop(self.changed.wait_while(number, is_less).unwrap());
    }
}
