//! The places in which exchanges run.

use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use machine::thread;
use shuttle::rand::{Rng, thread_rng};

use crate::{Places, Plan, STEADY, Source, callers, site};

pub(super) fn every_job_has_its_turn<S: Source>() {
    let visits = visited::<S>(|_| {});

    assert_eq!(visits, JOBS);
}

pub(super) fn a_place_outlives_a_panic<S: Source>() {
    let visits = visited::<S>(|number| {
        if number < 3 {
            panic::resume_unwind(Box::new("the job breaks"));
        }
    });

    assert_eq!(visits, JOBS);
}

/// Jobs that wait for a place go down with the last thread that might have run them.
pub(super) fn threads_that_cannot_be_had_leave_no_place_taken<S: Source>() {
    thread::refuse(thread_rng().gen_range(1..JOBS));

    let visits = visited::<S>(|_| {});

    assert!(visits < JOBS, "{visits}");
}

/// More sources than a driver has places.
pub(super) fn seventy_sources_all_get_their_token<S: Source>() {
    site::has_room_for(64);
    let sources = (0..70).map(|_| S::of(Plan::new(STEADY)));

    let asking: Vec<_> = sources
        .map(|source| callers(1, &source, S::token))
        .collect();

    for caller in asking {
        let _token = caller.one_token();
    }
    assert_eq!(site::requests(), 70);
}

/// How many jobs there were whom three threads had brought to two places.
fn visited<S: Source>(job: fn(usize)) -> usize {
    let places: &_ = Box::leak(Box::new(S::places(2)));
    let crowd = Arc::new(Crowd::default());
    let bring = |number| {
        let crowd = Arc::clone(&crowd);
        thread::spawn(move || {
            for number in [number, number + JOBS / 2] {
                let (crowd, last) = (Arc::clone(&crowd), BringsAnother(places));
                places.run(move || {
                    crowd.visit(|| job(number));
                    drop(last);
                });
            }
        })
    };
    for thread in (0..JOBS / 2).map(bring).collect::<Vec<_>>() {
        thread.join().unwrap();
    }
    thread::end();
    assert!(crowd.most.load(Ordering::Relaxed) <= 2);
    assert!(
        format!("{places:?}").contains("0 at work, 0 waiting"),
        "{places:?}"
    );
    crowd.visits.load(Ordering::Relaxed)
}

/// What goes down with a job may have to do with another source.
struct BringsAnother<P: Places>(&'static P);

impl<P: Places> Drop for BringsAnother<P> {
    fn drop(&mut self) {
        self.0.run(|| {});
    }
}

#[derive(Default)]
struct Crowd {
    inside: AtomicUsize,
    most: AtomicUsize,
    visits: AtomicUsize,
}

impl Crowd {
    fn visit(&self, job: impl FnOnce()) {
        self.visits.fetch_add(1, Ordering::Relaxed);
        let inside = self.inside.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(inside, Ordering::Relaxed);
        thread::yield_now();
        self.inside.fetch_sub(1, Ordering::Relaxed);
        job();
    }
}

const JOBS: usize = 6;
