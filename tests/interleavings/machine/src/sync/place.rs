//! Where one thread waits once.

use std::sync::Arc;
use std::task::Wake;

use shuttle::future::batch_semaphore::{BatchSemaphore, Fairness};

/// Rung before or after somebody waits here, it lets them pass.
#[derive(Debug)]
pub(crate) struct Place(BatchSemaphore);

impl Place {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(BatchSemaphore::new(0, Fairness::Unfair)))
    }

    pub(crate) fn wait(&self) {
        self.0.acquire_blocking(1).expect("nobody closes it");
    }

    pub(crate) fn ring(&self) {
        self.0.release(1);
    }
}

impl Wake for Place {
    fn wake(self: Arc<Self>) {
        self.ring();
    }
}
