#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;
use crate::testing::{Count, HangGuard};

/// Methods that the tests of the engine use too.
impl Lane {
    /// Returns how many jobs of this host wait for a place.
    pub(crate) fn waiting_for(&self, host: &str) -> usize {
        self.places().waiting.length_of(host)
    }

    /// Makes the places of this host as old as a place may become.
    pub(crate) fn age_places_of(&self, host: &str) {
        let (mut places, held_for) = (self.places(), self.limits.held_for);
        for place in places.taken.iter_mut().filter(|place| &*place.host == host) {
            place.since = place.since.checked_sub(held_for).unwrap();
        }
    }
}

#[test]
fn never_more_jobs_run_than_there_are_places() {
    let _guard = HangGuard::new();
    let lane = lane(64, 64, LONG);
    let crowd = Arc::new(Crowd::default());

    for _ in 0..200 {
        let crowd = Arc::clone(&crowd);
        lane.submit(host("a"), job(move || crowd.visit()));
    }
    crowd.inside.reaches(64);
    assert_eq!(lane.waiting_for("a"), 136);
    crowd.gate.add();
    crowd.gone.reaches(200);

    assert_eq!(crowd.most.load(Ordering::SeqCst), 64);
}

#[test]
fn one_host_never_takes_all_places() {
    let _guard = HangGuard::new();
    let lane = lane(2, 4, LONG);
    let sick = Arc::new(Crowd::default());

    for _ in 0..20 {
        let sick = Arc::clone(&sick);
        lane.submit(host("sick"), job(move || sick.visit()));
    }
    sick.inside.reaches(2);
    submit_one(lane, "healthy").reaches(1);

    assert_eq!(sick.inside.number(), 2);
    sick.gate.add();
    sick.gone.reaches(20);
    assert_eq!(sick.most.load(Ordering::SeqCst), 2);
}

#[test]
fn a_job_that_runs_for_too_long_gives_its_place_back() {
    let _guard = HangGuard::new();
    let lane = lane(1, 1, Duration::ZERO);
    let hanging = submit_hanging(lane);

    for _ in 0..10 {
        submit_one(lane, "a").reaches(1);
    }

    assert_eq!(hanging.gone.number(), 0);
    hanging.gate.add();
}

#[test]
fn a_job_that_waits_starts_when_a_place_has_been_held_for_too_long() {
    let _guard = HangGuard::new();
    let lane = lane(1, 1, LONG);
    let hanging = submit_hanging(lane);

    let served = submit_one(lane, "b");
    lane.dispatch();
    assert_eq!(lane.waiting_for("b"), 1);
    lane.age_places_of("a");
    lane.dispatch();
    served.reaches(1);

    assert_eq!(hanging.gone.number(), 0);
    hanging.gate.add();
}

#[test]
fn a_panicking_job_gives_its_place_back() {
    let _guard = HangGuard::new();
    let lane = lane(8, 8, LONG);
    let all_at_once = Arc::new(Barrier::new(9));

    for _ in 0..8 {
        lane.submit(host("a"), job(|| panic!("the job breaks")));
    }
    for _ in 0..8 {
        let all_at_once = Arc::clone(&all_at_once);
        let waits = move || {
            all_at_once.wait();
        };
        lane.submit(host("a"), job(waits));
    }

    all_at_once.wait();
}

#[test]
fn a_job_that_panics_when_it_is_dropped_gives_its_place_back() {
    let _guard = HangGuard::new();
    let lane = lane(1, 1, LONG);

    let breaks = PanicsOnDrop;
    let uses = move || {
        let _used = &breaks;
    };
    lane.submit(host("a"), job(uses));

    submit_one(lane, "a").reaches(1);
}

#[test]
fn jobs_for_which_no_thread_is_left_are_lost() {
    let lane = lane(8, 8, LONG);
    let lost = Arc::new(Count::default());

    for _ in 0..3 {
        let loses = Arc::clone(&lost);
        wait_in(
            lane,
            or_else(|| unreachable!("no thread"), move || loses.add()),
        );
    }
    start_without_thread(lane);

    assert_eq!(lost.number(), 3);
    assert!(lane.places().taken.is_empty());
    assert_eq!(lane.waiting_for("a"), 0);
}

#[test]
fn a_job_without_a_thread_is_left_to_one_that_runs() {
    let _guard = HangGuard::new();
    let lane = lane(8, 8, LONG);
    let (running, served) = (submit_hanging(lane), Arc::new(Count::default()));

    let done = Arc::clone(&served);
    wait_in(lane, or_else(move || done.add(), || panic!("lost")));
    start_without_thread(lane);
    running.gate.add();

    served.reaches(1);
}

#[test]
fn a_job_without_a_thread_is_not_left_to_one_that_hangs() {
    let _guard = HangGuard::new();
    let lane = lane(8, 8, LONG);
    let (hanging, lost) = (submit_hanging(lane), Arc::new(Count::default()));

    lane.age_places_of("a");
    let loses = Arc::clone(&lost);
    wait_in(
        lane,
        or_else(|| unreachable!("no thread"), move || loses.add()),
    );
    start_without_thread(lane);

    assert_eq!(lost.number(), 1);
    hanging.gate.add();
}

#[test]
fn a_lost_job_may_submit_another() {
    let _guard = HangGuard::new();
    let (lane, served) = (lane(8, 8, LONG), Arc::new(Count::default()));

    let done = Arc::clone(&served);
    let again = move || {
        let other = Arc::clone(&done);
        lane.submit(host("a"), job(move || other.add()));
    };
    wait_in(lane, or_else(|| unreachable!("no thread"), again));
    start_without_thread(lane);

    served.reaches(1);
}

#[test]
fn hosts_take_turns_however_many_jobs_one_of_them_has() {
    let lane = lane(16, 256, LONG);
    for name in [vec!["crowded"; 10_000], vec!["other", "third", "other"]].concat() {
        lane.places().waiting.add(Waiting {
            host: host(name),
            job: job(|| {}),
        });
    }

    let order: Vec<_> = (0..6).map(|_| lane.next().unwrap().1.host).collect();

    let order: Vec<_> = order.iter().map(|host| &**host).collect();
    let turns = ["crowded", "other", "third", "crowded", "other", "crowded"];
    assert_eq!(order, turns);
}

#[test]
fn a_crowded_host_keeps_to_its_places_and_delays_no_other() {
    let _guard = HangGuard::new();
    let lane = lane(16, 256, LONG);
    let crowd = Arc::new(Crowd::default());

    for _ in 0..10_000 {
        let crowd = Arc::clone(&crowd);
        lane.submit(host("crowded"), job(move || crowd.visit()));
    }
    crowd.inside.reaches(16);
    submit_one(lane, "other").reaches(1);

    assert_eq!(lane.waiting_for("crowded"), 10_000 - 16);
    crowd.gate.add();
    crowd.gone.reaches(10_000);
    assert_eq!(crowd.most.load(Ordering::SeqCst), 16);
}

/// Jobs that wait for each other at a gate.
#[derive(Default)]
struct Crowd {
    now: AtomicUsize,
    most: AtomicUsize,
    inside: Count,
    gate: Count,
    gone: Count,
}

impl Crowd {
    fn visit(&self) {
        let now = self.now.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        self.inside.add();
        self.gate.reaches(1);
        self.now.fetch_sub(1, Ordering::SeqCst);
        self.gone.add();
    }
}

struct PanicsOnDrop;

impl Drop for PanicsOnDrop {
    fn drop(&mut self) {
        panic!("the function breaks as it is dropped");
    }
}

struct TestJob<R, L> {
    run: R,
    lost: L,
}

impl<R, L> Job for TestJob<R, L>
where
    R: Fn() + Send + Sync + 'static,
    L: Fn() + Send + Sync + 'static,
{
    fn run(&self) {
        (self.run)();
    }

    fn lost(&self) {
        (self.lost)();
    }
}

fn job(run: impl Fn() + Send + Sync + 'static) -> Box<dyn Job> {
    or_else(run, || panic!("there are threads enough"))
}

/// Returns a job with these functions for [`Job::run`] and [`Job::lost`].
fn or_else(
    run: impl Fn() + Send + Sync + 'static,
    lost: impl Fn() + Send + Sync + 'static,
) -> Box<dyn Job> {
    Box::new(TestJob { run, lost })
}

/// Submits a job that hangs until its crowd's gate opens, and waits until it runs.
fn submit_hanging(lane: &'static Lane) -> Arc<Crowd> {
    let hanging = Arc::new(Crowd::default());
    let crowd = Arc::clone(&hanging);
    lane.submit(host("a"), job(move || crowd.visit()));
    hanging.inside.reaches(1);
    hanging
}

/// Submits a job of this host. Returns how often it has run.
fn submit_one(lane: &'static Lane, name: &str) -> Arc<Count> {
    let served = Arc::new(Count::default());
    let done = Arc::clone(&served);
    lane.submit(host(name), job(move || done.add()));
    served
}

/// Starts the next job as if the process had no thread left.
fn start_without_thread(lane: &'static Lane) {
    let (number, waiting) = lane.next().unwrap();
    lane.without_thread(number, waiting);
}

/// Queues a job and starts no thread.
fn wait_in(lane: &Lane, job: Box<dyn Job>) {
    let host = host("a");
    lane.places().waiting.add(Waiting { host, job });
}

fn host(name: &str) -> Arc<str> {
    Arc::from(name)
}

fn lane(per_host: usize, in_all: usize, held_for: Duration) -> &'static Lane {
    let limits = Limits {
        per_host,
        in_all,
        held_for,
    };
    Box::leak(Box::new(Lane::new("test", limits)))
}

const LONG: Duration = Duration::from_secs(60 * 60);
