//! Holds token requests back until the test opens the gate.

use std::sync::{Condvar, Mutex};

/// A gate, open at first.
#[derive(Debug, Default)]
pub(super) struct Gate {
    is_closed: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    pub(super) fn close(&self) {
        *self.is_closed.lock().unwrap() = true;
    }

    pub(super) fn open(&self) {
        *self.is_closed.lock().unwrap() = false;
        self.opened.notify_all();
    }

    /// Waits while the gate is closed.
    pub(super) fn pass(&self) {
        let is_closed = self.is_closed.lock().unwrap();
        let passed = self.opened.wait_while(is_closed, |is_closed| *is_closed);
        drop(passed.unwrap());
    }
}
