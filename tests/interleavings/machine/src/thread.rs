//! Threads of the scheduler's, and none where the scenario has none left.

use std::cell::{Cell, RefCell};
use std::io;
use std::sync::Arc;
use std::time::Duration;

pub use shuttle::thread::*;

use crate::sync::Place;
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

    #[must_use]
    pub fn stack_size(self, _size: usize) -> Self {
        self
    }

    /// # Errors
    /// Where the process has no thread left.
    pub fn spawn(self, work: impl FnOnce() + Send + 'static) -> io::Result<()> {
        crate::pause();
        if let Some(left) = REFUSED.get().checked_sub(1) {
            REFUSED.set(left);
            return Err(io::ErrorKind::WouldBlock.into());
        }
        let thread = spawn(work);
        STARTED.with_borrow_mut(|started| started.push(thread));
        Ok(())
    }
}

pub fn sleep(time: Duration) {
    let place = Place::new();
    let _timer = Timer::after(time, Arc::clone(&place).into());
    place.wait();
}

/// A new run begins: nothing is at work.
pub fn begin() {
    refuse(0);
    STARTED.take();
}

/// The next so many threads cannot be had.
pub fn refuse(threads: usize) {
    REFUSED.set(threads);
}

/// Waits until all threads have ended that builders have started.
///
/// # Panics
/// Where one of them has.
pub fn end() {
    while let Some(thread) = STARTED.with_borrow_mut(Vec::pop) {
        thread.join().expect("no thread of a driver's panics");
    }
}

thread_local! {
    static REFUSED: Cell<usize> = const { Cell::new(0) };
    static STARTED: RefCell<Vec<JoinHandle<()>>> = const { RefCell::new(Vec::new()) };
}
