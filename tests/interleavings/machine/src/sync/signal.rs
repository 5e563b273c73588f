//! A signal that one thread waits for once.

use std::sync::Arc;
use std::task::Wake;

use shuttle::future::batch_semaphore::{BatchSemaphore, Fairness};

/// Ends one wait, even one that has not begun yet.
#[derive(Debug)]
pub(crate) struct Signal(BatchSemaphore);

impl Signal {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(BatchSemaphore::new(0, Fairness::Unfair)))
    }

    pub(crate) fn wait(&self) {
        self.0.acquire_blocking(1).expect("it is never closed");
    }

    pub(crate) fn set(&self) {
        self.0.release(1);
    }
}

impl Wake for Signal {
    fn wake(self: Arc<Self>) {
        self.set();
    }
}
