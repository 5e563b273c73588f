//! Threads of the scheduler. A scenario can make their start fail.

use std::cell::{Cell, RefCell};
use std::io;
use std::sync::Arc;
use std::time::Duration;

pub use shuttle::thread::*;

use crate::sync::Signal;
use crate::time::Timer;

#[derive(Debug, Default)]
pub struct Builder(());

impl Builder {
    #[must_use]
    pub fn new() -> Self {
        Self(())
    }

    #[must_use]
    pub fn name(self, _name: String) -> Self {
        self
    }

    /// # Errors
    /// Returns an error while the scenario [fails](fail) starts.
    pub fn spawn(self, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
        crate::pause();
        if let Some(left) = FAILURES.get().checked_sub(1) {
            FAILURES.set(left);
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let thread = spawn(work);
        STARTED.with_borrow_mut(|started| started.push(thread));
        Ok(())
    }
}

pub fn sleep(time: Duration) {
    let signal = Signal::new();
    let _timer = Timer::after(time, Arc::clone(&signal).into());
    signal.wait();
}

/// Forgets the threads of the previous schedule.
pub(crate) fn reset() {
    fail(0);
    STARTED.take();
}

/// Makes the next builders fail to start a thread.
pub fn fail(threads: usize) {
    FAILURES.set(threads);
}

/// Waits until all threads that builders started have ended.
///
/// # Panics
/// Panics if one of these threads panicked.
pub fn join_all() {
    while let Some(thread) = STARTED.with_borrow_mut(Vec::pop) {
        thread.join().expect("no thread of the driver panics");
    }
}

thread_local! {
    static FAILURES: Cell<usize> = const { Cell::new(0) };
    static STARTED: RefCell<Vec<JoinHandle<()>>> = const { RefCell::new(Vec::new()) };
}
