//! The threads on which token requests, functions of the program, and uses of token stores run: short-lived,
//! bounded, and fair between hosts.

mod queues;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use edx_auth_core::StoreTicket;

use crate::guarded::guarded;
use queues::{Queues, Waiting};

/// Something to run on a thread of a lane, once.
pub(crate) trait Job: Send + Sync + 'static {
    /// Runs it.
    fn run(&self);

    /// Reports that there is no thread to run it on.
    fn lost(&self);
}

/// A bounded number of threads that live as long as there is something to do.
///
/// A job runs in a place. It waits in the queue of its host until fewer places are taken than the limits
/// allow, for this host and in all. The hosts take turns. A job that runs longer than a place may be held
/// keeps its thread and loses its place, so that work that hangs never stops other work.
pub(crate) struct Lane {
    name: &'static str,
    limits: Limits,
    places: Mutex<Places>,
}

/// How much may run at once.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    pub(crate) per_host: usize,
    pub(crate) in_all: usize,
    /// How long a job holds its place at most.
    pub(crate) held_for: Duration,
}

struct Places {
    taken: Vec<Place>,
    waiting: Queues,
    last: u64,
}

/// The place of a job that runs.
struct Place {
    number: u64,
    host: Arc<str>,
    since: Instant,
}

/// Runs the token requests of all sources in this process.
pub(crate) static EXCHANGES: Lane = Lane::new(
    "edx-auth-exchange",
    Limits {
        per_host: 16,
        in_all: 256,
        held_for: HELD_FOR,
    },
);

/// Runs the program's functions that provide credentials, of all sources in this process. One host's functions
/// may take every place, because most programs have one host.
pub(crate) static FUNCTIONS: Lane = Lane::new("edx-auth-function", OF_PROGRAM);

/// Runs the program's functions that are told of events. They delay no function that a token needs.
pub(crate) static LISTENERS: Lane = Lane::new("edx-auth-listener", OF_PROGRAM);

/// Looks into the token stores. A source goes on without one that hangs, and then the next source looks. One
/// that waits for a claim may take longer, and needs no place for that.
pub(crate) static LOOKS: Lane = Lane::new("edx-auth-look", OF_STORE);

/// Saves tokens in the token stores. Callers wait for that, and so no look delays it.
pub(crate) static SAVES: Lane = Lane::new("edx-auth-save", OF_STORE);

const OF_PROGRAM: Limits = Limits {
    per_host: 64,
    in_all: 64,
    held_for: HELD_FOR,
};

const OF_STORE: Limits = Limits {
    held_for: StoreTicket::READ_WITHIN,
    ..OF_PROGRAM
};

impl Lane {
    pub(crate) const fn new(name: &'static str, limits: Limits) -> Self {
        Self {
            name,
            limits,
            places: Mutex::new(Places {
                taken: Vec::new(),
                waiting: Queues::new(),
                last: 0,
            }),
        }
    }

    /// Runs a job as soon as there is a place for it.
    pub(crate) fn submit(&'static self, host: Arc<str>, job: Box<dyn Job>) {
        self.places().waiting.add(Waiting { host, job });
        self.dispatch();
    }

    /// Starts every job that has a place now. Call it again when a place may have been held for too
    /// long.
    pub(crate) fn dispatch(&'static self) {
        while let Some((number, waiting)) = self.next() {
            // The thread gets the job once it runs: it is the job's only owner from then on.
            let (hand_over, receive) = mpsc::sync_channel(1);
            let thread = thread::Builder::new().name(String::from(self.name));
            if thread.spawn(move || self.work(&receive)).is_err() {
                return self.without_thread(number, waiting);
            }
            let _running = hand_over.send((number, waiting));
        }
    }

    /// Runs the first job of a thread, then the jobs that wait for its place.
    fn work(&'static self, first: &mpsc::Receiver<(u64, Waiting)>) {
        let mut next = first.recv().ok();
        while let Some((number, waiting)) = next {
            // The job may be the last owner of the program's own functions, which are dropped then.
            guarded(move || waiting.job.run());
            self.places().leave(number);
            next = self.next();
        }
    }

    fn next(&self) -> Option<(u64, Waiting)> {
        self.places().next(self.limits)
    }

    /// Handles a job for which the process has no thread. If other jobs run, one of their threads will
    /// take it; otherwise every job that waits is lost.
    fn without_thread(&self, number: u64, waiting: Waiting) {
        let lost = self.places().put_back(number, waiting, self.limits);
        // The lock is free here: a lost job may wake a caller that submits another.
        for job in lost {
            guarded(|| job.lost());
        }
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Places {
    /// Gives a place to the first job that may have one.
    fn next(&mut self, limits: Limits) -> Option<(u64, Waiting)> {
        let mut hosts: Vec<&str> = held(&self.taken, limits)
            .map(|place| &*place.host)
            .collect();
        if hosts.len() >= limits.in_all {
            return None;
        }
        hosts.sort_unstable();
        let of_host = hosts.chunk_by(|one, other| one == other);
        let full = of_host.filter(|places| places.len() >= limits.per_host);
        let full: Vec<&str> = full.filter_map(|places| places.first().copied()).collect();
        let waiting = self.waiting.take(|host| !full.contains(&host))?;
        self.last += 1;
        self.taken.push(Place {
            number: self.last,
            host: Arc::clone(&waiting.host),
            since: Instant::now(),
        });
        Some((self.last, waiting))
    }

    fn leave(&mut self, number: u64) {
        self.taken.retain(|place| place.number != number);
    }

    /// Puts a job back before all others. Returns all jobs that wait if no thread is left to run them; a
    /// thread that hangs does not count.
    fn put_back(&mut self, number: u64, waiting: Waiting, limits: Limits) -> Vec<Box<dyn Job>> {
        self.leave(number);
        self.waiting.put_back(waiting);
        if held(&self.taken, limits).next().is_none() {
            self.waiting.take_all()
        } else {
            Vec::new()
        }
    }
}

/// Returns the places that are not held for too long.
fn held(taken: &[Place], limits: Limits) -> impl Iterator<Item = &Place> {
    let now = Instant::now();
    let is_held = move |place: &&Place| now.duration_since(place.since) < limits.held_for;
    taken.iter().filter(is_held)
}

/// Longer than a token request takes by default, name look-up included.
const HELD_FOR: Duration = Duration::from_secs(30);

#[cfg(test)]
mod tests;
