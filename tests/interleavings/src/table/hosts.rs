//! Sources that share the thread limits of the process.

use edx_auth_core::RenewalPolicy;
use machine::{thread, time};

use crate::callers::{Callers, callers};
use crate::plan::{FOREVER, HOUR, LONG_BACKOFFS, Plan};
use crate::site::{self, Behavior};
use crate::source::Source;

/// Time stands still, and the requests of the hanging host hang, until the other host's source has its
/// token.
pub(super) fn a_hanging_host_stops_no_source_of_another() {
    site::set_behaviors([Behavior::Late(HOUR / 6); PLACES_OF_A_HOST]);
    let hanging: Vec<_> = (0..PLACES_OF_A_HOST + 1).map(|_| source(SICK)).collect();
    let waiting: Vec<_> = hanging.iter().map(one_caller).collect();
    while site::requests() < PLACES_OF_A_HOST {
        thread::yield_now();
    }

    source(HEALTHY).token().unwrap();

    time::passes(HOUR);
    for caller in waiting {
        caller.one_token();
    }
    assert_eq!(site::requests(), PLACES_OF_A_HOST + 2);
}

/// The queued source's host has no free place until a place counts as held for too long. Only the wait of the
/// queued caller makes the lane, which counts places, check for that.
pub(super) fn a_queued_source_gets_the_place_of_one_that_hangs() {
    site::set_behaviors([Behavior::Late(FOREVER); PLACES_OF_A_HOST]);
    let hanging: Vec<_> = (0..PLACES_OF_A_HOST).map(|_| source(SICK)).collect();
    let waiting: Vec<_> = hanging.iter().map(one_caller).collect();
    while site::requests() < PLACES_OF_A_HOST {
        thread::yield_now();
    }
    let queued = Source::new(Plan::new(RenewalPolicy::DEFAULT).at(SICK).timeout(2 * HOUR));

    time::passes(HOUR);
    queued.token().unwrap();

    time::advance(FOREVER);
    for caller in waiting {
        caller.results();
    }
}

/// More sources than there are places for their host.
pub(super) fn seventy_sources_of_one_host_all_get_their_token() {
    let sources: Vec<_> = (0..SOURCES).map(|_| source(SICK)).collect();

    let waiting: Vec<_> = sources.iter().map(one_caller).collect();

    for caller in waiting {
        caller.one_token();
    }
    assert_eq!(site::requests(), SOURCES);
    let at_once = site::most_in_flight();
    assert!(at_once <= PLACES_OF_A_HOST, "{at_once}");
}

fn source(lms_url: &str) -> Source {
    Source::new(Plan::new(LONG_BACKOFFS).at(lms_url).timeout(FOREVER))
}

fn one_caller(source: &Source) -> Callers {
    callers(1, source, Source::token)
}

const SICK: &str = "https://sick.example";
const HEALTHY: &str = "https://healthy.example";
/// The driver's limit: how many token requests to one host run at once.
const PLACES_OF_A_HOST: usize = 16;
const SOURCES: usize = 70;
