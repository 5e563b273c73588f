//! The places in which exchanges run.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use super::count::Count;
use super::hang_guard::HangGuard;
use crate::exchanges::Exchanges;

#[test]
fn never_more_jobs_run_than_there_are_places() {
    let _guard = HangGuard::new();
    let exchanges = own_places(None);
    let crowd = Arc::new(Crowd::default());

    for _ in 0..200 {
        let crowd = Arc::clone(&crowd);
        exchanges.run(move || crowd.visit());
    }
    crowd.come.reaches(PLACES);
    let full = format!("{exchanges:?}");
    crowd.gate.add();
    crowd.gone.reaches(200);

    assert!(full.contains("64 at work, 136 waiting"), "{full}");
    assert_eq!(crowd.most.load(Ordering::SeqCst), PLACES);
}

#[test]
fn a_panicking_job_gives_its_place_back() {
    let _guard = HangGuard::new();
    let exchanges = own_places(None);
    let all_at_once = Arc::new(Barrier::new(PLACES + 1));

    for _ in 0..PLACES {
        exchanges.run(|| panic!("the job breaks"));
    }
    for _ in 0..PLACES {
        let all_at_once = Arc::clone(&all_at_once);
        exchanges.run(move || {
            all_at_once.wait();
        });
    }

    all_at_once.wait();
}

#[test]
fn a_job_for_which_no_thread_can_be_had_gives_its_place_back() {
    let _guard = HangGuard::new();
    let exchanges = own_places(Some(usize::MAX / 8));

    for _ in 0..=PLACES {
        exchanges.run(|| unreachable!("there is no thread"));
    }

    assert!(format!("{exchanges:?}").contains("0 at work, 0 waiting"));
}

/// Visitors that wait for each other at a gate.
#[derive(Default)]
struct Crowd {
    inside: AtomicUsize,
    most: AtomicUsize,
    come: Count,
    gate: Count,
    gone: Count,
}

impl Crowd {
    fn visit(&self) {
        let inside = self.inside.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(inside, Ordering::SeqCst);
        self.come.add();
        self.gate.reaches(1);
        self.inside.fetch_sub(1, Ordering::SeqCst);
        self.gone.add();
    }
}

fn own_places(stack_size: Option<usize>) -> &'static Exchanges {
    Box::leak(Box::new(Exchanges::new(PLACES, stack_size)))
}

const PLACES: usize = 64;
