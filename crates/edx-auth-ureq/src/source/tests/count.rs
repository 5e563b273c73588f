//! A number that others wait for.

use std::sync::{Condvar, Mutex};

#[derive(Default)]
pub(super) struct Count {
    number: Mutex<usize>,
    changed: Condvar,
}

impl Count {
    pub(super) fn add(&self) {
        *self.number.lock().unwrap() += 1;
        self.changed.notify_all();
    }

    pub(super) fn reaches(&self, enough: usize) {
        let number = self.number.lock().unwrap();
        let is_less = |number: &mut usize| *number < enough;
        drop(self.changed.wait_while(number, is_less).unwrap());
    }
}
