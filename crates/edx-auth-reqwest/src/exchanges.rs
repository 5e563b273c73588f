//! The threads on which exchanges run: short-lived, the crate's own, and never too many.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;

type Job = Box<dyn FnOnce() + Send>;

/// A bounded number of threads that live as long as there is something to do.
///
/// No caller's cancellation, panic or runtime can harm what runs on them.
#[derive(Debug)]
pub(crate) struct Exchanges {
    places: Mutex<Places>,
    at_once: usize,
    stack_size: Option<usize>,
}

#[derive(Default)]
struct Places {
    taken: usize,
    waiting: VecDeque<Job>,
}

/// All exchanges of this driver in this process, whatever source they are for.
pub(crate) static ALL: Exchanges = Exchanges::new(AT_ONCE, None);

impl Exchanges {
    pub(crate) const fn new(at_once: usize, stack_size: Option<usize>) -> Self {
        Self {
            places: Mutex::new(Places {
                taken: 0,
                waiting: VecDeque::new(),
            }),
            at_once,
            stack_size,
        }
    }

    /// Runs a job as soon as there is a place. Where no thread can be had, the job is dropped.
    pub(crate) fn run(&'static self, job: impl FnOnce() + Send + 'static) {
        let Some(job) = self.places().take(Box::new(job), self.at_once) else {
            return;
        };
        let mut builder = thread::Builder::new().name(String::from("edx-auth-exchange"));
        if let Some(size) = self.stack_size {
            builder = builder.stack_size(size);
        }
        if builder.spawn(|| self.work(job)).is_err() {
            let orphans = self.places().leave();
            drop(orphans);
        }
    }

    /// One thread's life: its job, then those that waited for a place.
    fn work(&self, first: Job) {
        let mut next = Some(first);
        while let Some(job) = next {
            // A job that panics has said so on standard error and settles what it owes as it is
            // dropped; those who wait for its place have no part in it.
            let _panic = catch_unwind(AssertUnwindSafe(job));
            next = self.places().free();
        }
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Places {
    /// The job back, if it may run now; else it waits.
    fn take(&mut self, job: Job, at_once: usize) -> Option<Job> {
        if self.taken == at_once {
            self.waiting.push_back(job);
            return None;
        }
        self.taken += 1;
        Some(job)
    }

    /// Leaves a place that no thread could be had for. Jobs that wait go too where nobody is left
    /// to run them.
    fn leave(&mut self) -> VecDeque<Job> {
        self.taken -= 1;
        match self.taken {
            0 => std::mem::take(&mut self.waiting),
            _ => VecDeque::new(),
        }
    }

    /// What runs next in a place that has become free.
    fn free(&mut self) -> Option<Job> {
        let next = self.waiting.pop_front();
        if next.is_none() {
            self.taken -= 1;
        }
        next
    }
}

impl std::fmt::Debug for Places {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} at work, {} waiting", self.taken, self.waiting.len())
    }
}

/// A process with ten thousand credentials renews them on so many threads.
const AT_ONCE: usize = 64;
