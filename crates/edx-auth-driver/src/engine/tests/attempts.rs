//! Attempts to get a token that wait for a place: for their turn, while the host has all the token
//! requests under way that it may have at once.

use std::time::Instant;

use crate::clock::Clock;
use crate::engine::tests::{PLACES_PER_HOST, engine, take_all_places_of, token, token_within};
use crate::engine::*;
use crate::testing::{Behavior, LONG_BACKOFFS, Site};
use crate::threads::EXCHANGES;
use edx_auth_core::{RenewalPolicy, WorkKind};

#[test]
fn many_callers_of_a_source_wait_for_one_place() {
    let site = Site::new();
    take_all_places_of(&site);
    let queued = Arc::new(engine(&site, LONG_BACKOFFS));

    for _ in 0..50 {
        token_within(&queued, Duration::ZERO).unwrap_err();
    }

    assert_eq!(EXCHANGES.waiting_for(site.host()), 1);
    assert_eq!(site.requests(), PLACES_PER_HOST);
}

#[test]
fn an_attempt_that_waits_gets_the_next_place() {
    let site = Site::new();
    take_all_places_of(&site);
    let queued = Arc::new(engine(&site, LONG_BACKOFFS));
    token_within(&queued, Duration::ZERO).unwrap_err();

    site.respond([Behavior::Unavailable]);
    site.receives(PLACES_PER_HOST + 1);
    site.respond([Behavior::Token; PLACES_PER_HOST]);

    token(&queued).unwrap();
    assert_eq!(site.requests(), PLACES_PER_HOST + 1);
}

#[test]
fn an_attempt_that_waits_gets_a_place_that_was_held_for_too_long() {
    let site = Site::new();
    take_all_places_of(&site);
    let queued = Arc::new(engine(&site, LONG_BACKOFFS));
    token_within(&queued, Duration::ZERO).unwrap_err();

    EXCHANGES.age_places_of(site.host());
    token_within(&queued, Duration::ZERO).unwrap_err();

    site.receives(PLACES_PER_HOST + 1);
}

#[test]
fn an_attempt_whose_lease_ran_out_while_it_waited_is_not_sent() {
    let site = Site::new();
    let mut engine = engine(&site, RenewalPolicy::DEFAULT);
    engine.clock = Clock::since(Instant::now().checked_sub(HOUR).unwrap());
    let engine = Arc::new(engine);
    elect_an_hour_ago(&engine);

    engine.work(WorkKind::Exchange);
    assert_eq!(site.requests(), 0);
    assert!(!engine.look(TokenAgent::health).is_renewing);

    site.respond([Behavior::Token]);
    token(&engine).unwrap();
    assert_eq!(site.requests(), 1);
}

#[test]
fn a_source_works_after_its_lock_is_poisoned() {
    let site = Site::new();
    let engine = Arc::new(engine(&site, LONG_BACKOFFS));
    let poisoned = Arc::clone(&engine);
    let holder = std::thread::spawn(move || {
        let _held = poisoned.lock();
        panic!("the holder of the lock breaks");
    });
    holder.join().unwrap_err();

    site.respond([Behavior::Token]);
    token(&engine).unwrap();

    assert!(engine.state.is_poisoned());
    assert_eq!(site.requests(), 1);
}

#[test]
fn work_that_comes_up_as_a_caller_begins_to_wait_is_started() {
    let site = Site::new();
    let engine = Arc::new(engine(&site, LONG_BACKOFFS));

    engine.block_on(elected_when_polled_twice());

    site.receives(1);
}

#[cfg(feature = "async")]
#[test]
fn work_that_comes_up_as_an_async_caller_begins_to_wait_is_started() {
    let site = Site::new();
    let engine = Arc::new(engine(&site, LONG_BACKOFFS));

    let waits = engine.wait_for(elected_when_polled_twice());
    crate::testing::block_on(waits).unwrap();

    site.receives(1);
}

/// Returns a caller that waits at its first poll. Its second poll starts an attempt, and ends it.
fn elected_when_polled_twice() -> impl FnMut(&mut TokenAgent, Moment) -> Progress<()> {
    let mut polls = 0;
    move |agent, now| {
        polls += 1;
        if polls == 1 {
            return Progress::Wait(HOUR);
        }
        let budget = WaitBudget::new(HOUR, now);
        let step = agent.acquire(Need::any(), &budget, now);
        assert!(matches!(step, Acquire::Wait(_)));
        Progress::Done(())
    }
}

/// Lets a caller start an attempt at the zero of the engine's clock, which was an hour ago. The attempt
/// has been waiting for a place since then.
fn elect_an_hour_ago(engine: &Engine) {
    let mut state = engine.lock();
    let then = Moment::default();
    let budget = WaitBudget::new(HOUR, then);
    let step = state.agent.acquire(Need::any(), &budget, then);
    assert!(matches!(step, Acquire::Wait(_)));
    state.queued = Some(WorkKind::Exchange);
}

const HOUR: Duration = Duration::from_secs(60 * 60);
