//! Lanes: the queues whose jobs run on threads, with a limit of threads per host and in all. A job that runs
//! has a place.

use std::panic;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::time::Duration;

use machine::thread::{self, JoinHandle};
use machine::time;
use shuttle::rand::{Rng, thread_rng};

use crate::threads::{Job, Lane, Limits};

pub(super) fn every_job_runs_once() {
    let (lane, log) = (lane(2, 2), Arc::new(Log::default()));

    submit_all(lane, &log, |_| {});

    assert_eq!(log.run(), [1; JOBS]);
    assert!(log.most_at_once() <= 2, "{}", log.most_at_once());
    assert_eq!(log.followers(), JOBS);
    assert_all_places_are_free(lane, 2, 2);
}

pub(super) fn a_panicking_job_gives_its_place_back() {
    let (lane, log) = (lane(2, 2), Arc::new(Log::default()));

    submit_all(lane, &log, |number| {
        if number % 2 == 0 {
            panic::resume_unwind(Box::new("the job panics"));
        }
    });

    assert_eq!(log.run(), [1; JOBS]);
    assert_eq!(log.followers(), JOBS);
    assert_all_places_are_free(lane, 2, 2);
}

pub(super) fn jobs_without_a_thread_run_or_are_lost_once() {
    let (lane, log) = (lane(2, 2), Arc::new(Log::default()));
    thread::fail(thread_rng().gen_range(1..=JOBS));

    submit_all(lane, &log, |_| {});

    thread::fail(0);
    let (run, lost) = (log.run(), log.lost());
    let ends = run.iter().zip(&lost).map(|(run, lost)| run + lost);
    assert!(ends.eq([1; JOBS]), "run {run:?}, lost {lost:?}");
    assert_eq!(log.followers(), JOBS);
    assert_all_places_are_free(lane, 2, 2);
}

/// The jobs of the sick host hang until the healthy host's job has run.
pub(super) fn a_sick_host_leaves_places_for_a_healthy_one() {
    let (lane, gate) = (lane(2, 4), Arc::new(Gate::default()));

    let submitting: Vec<_> = (0..3)
        .map(|_| {
            let gate = Arc::clone(&gate);
            thread::spawn(move || {
                for _ in 0..2 {
                    let gate = Arc::clone(&gate);
                    lane.submit("sick".into(), job(move || gate.pass()));
                }
            })
        })
        .collect();
    let opens = Arc::clone(&gate);
    lane.submit("healthy".into(), job(move || opens.open()));
    gate.pass();

    join(submitting);
    thread::join_all();
    assert_all_places_are_free(lane, 2, 4);
}

/// All jobs hang until the second one has run.
pub(super) fn a_place_held_for_too_long_goes_to_another_job() {
    let (lane, gate) = (lane(1, 1), Arc::new(Gate::default()));
    let runs = Arc::new(AtomicUsize::new(0));
    let hangs = |opens: bool| {
        let (gate, runs) = (Arc::clone(&gate), Arc::clone(&runs));
        job(move || {
            runs.fetch_add(1, Ordering::Relaxed);
            if opens {
                gate.open();
            }
            gate.pass();
        })
    };
    let hold_for_too_long = || {
        time::advance(HELD_FOR);
        lane.dispatch();
        thread::yield_now();
    };

    lane.submit("a".into(), hangs(false));
    let (second, third) = (hangs(true), hangs(false));
    let submitting = vec![
        thread::spawn(move || lane.submit("a".into(), second)),
        thread::spawn(move || lane.submit("b".into(), third)),
    ];
    (0..4).for_each(|_| hold_for_too_long());
    join(submitting);
    // The first job and the third may still be in front of the second.
    (0..2).for_each(|_| hold_for_too_long());
    thread::join_all();

    assert_eq!(runs.load(Ordering::Relaxed), 3);
    assert_all_places_are_free(lane, 1, 1);
}

/// How each job ended.
#[derive(Default)]
struct Log {
    run: [AtomicUsize; JOBS],
    lost: [AtomicUsize; JOBS],
    followers: AtomicUsize,
    at_once: AtomicUsize,
    most_at_once: AtomicUsize,
}

impl Log {
    fn run(&self) -> [usize; JOBS] {
        let runs = self.run.each_ref();
        runs.map(|count| count.load(Ordering::Relaxed))
    }

    fn lost(&self) -> [usize; JOBS] {
        let lost = self.lost.each_ref();
        lost.map(|count| count.load(Ordering::Relaxed))
    }

    /// Returns how many of the jobs ended that a job submits when it is dropped.
    fn followers(&self) -> usize {
        self.followers.load(Ordering::Relaxed)
    }

    fn most_at_once(&self) -> usize {
        self.most_at_once.load(Ordering::Relaxed)
    }
}

/// Lets three threads submit two jobs each, and waits until all threads have ended.
fn submit_all(lane: &'static Lane, log: &Arc<Log>, work: fn(usize)) {
    let submits = |number| {
        let log = Arc::clone(log);
        thread::spawn(move || {
            for number in [number, number + JOBS / 2] {
                let log = Arc::clone(&log);
                let job = Logged {
                    lane,
                    log,
                    number,
                    work,
                };
                lane.submit("a".into(), Box::new(job));
            }
        })
    };
    join((0..JOBS / 2).map(submits).collect());
    thread::join_all();
}

/// A job of [`submit_all`]. When it is dropped it submits another job, because what a job owns may
/// belong to another source.
struct Logged {
    lane: &'static Lane,
    log: Arc<Log>,
    number: usize,
    work: fn(usize),
}

impl Job for Logged {
    fn run(&self) {
        let log = &self.log;
        log.run[self.number].fetch_add(1, Ordering::Relaxed);
        let at_once = log.at_once.fetch_add(1, Ordering::Relaxed) + 1;
        log.most_at_once.fetch_max(at_once, Ordering::Relaxed);
        thread::yield_now();
        log.at_once.fetch_sub(1, Ordering::Relaxed);
        (self.work)(self.number);
    }

    fn lost(&self) {
        self.log.lost[self.number].fetch_add(1, Ordering::Relaxed);
    }
}

impl Drop for Logged {
    fn drop(&mut self) {
        let log = Arc::clone(&self.log);
        let ends = move || {
            log.followers.fetch_add(1, Ordering::Relaxed);
        };
        self.lane.submit("b".into(), job(ends));
    }
}

/// A job that does the same whether it runs or is lost.
struct Simple<W>(W);

impl<W: Fn() + Send + Sync + 'static> Job for Simple<W> {
    fn run(&self) {
        self.0();
    }

    fn lost(&self) {
        self.0();
    }
}

fn job(work: impl Fn() + Send + Sync + 'static) -> Box<dyn Job> {
    Box::new(Simple(work))
}

/// Checks that no place of a lane is taken: as many jobs as it has places wait for each other.
fn assert_all_places_are_free(lane: &'static Lane, per_host: usize, in_all: usize) {
    let all_run = Arc::new(Barrier::new(in_all + 1));
    for number in 0..in_all {
        let all_run = Arc::clone(&all_run);
        let host = format!("host-{}", number / per_host);
        lane.submit(
            host.into(),
            job(move || {
                all_run.wait();
            }),
        );
    }
    all_run.wait();
    thread::join_all();
}

/// A gate that jobs pass only once it is open.
#[derive(Default)]
struct Gate {
    is_open: Mutex<bool>,
    opened: Condvar,
}

impl Gate {
    fn open(&self) {
        *self.is_open.lock().unwrap() = true;
        self.opened.notify_all();
    }

    fn pass(&self) {
        let is_open = self.is_open.lock().unwrap();
        drop(self.opened.wait_while(is_open, |is_open| !*is_open));
    }
}

fn join(threads: Vec<JoinHandle<()>>) {
    for thread in threads {
        thread.join().unwrap();
    }
}

fn lane(per_host: usize, in_all: usize) -> &'static Lane {
    let limits = Limits {
        per_host,
        in_all,
        held_for: HELD_FOR,
    };
    Box::leak(Box::new(Lane::new("scenario", limits)))
}

const HELD_FOR: Duration = Duration::from_secs(30);

const JOBS: usize = 6;
