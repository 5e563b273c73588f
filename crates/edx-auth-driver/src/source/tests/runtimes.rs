//! Async callers that are cancelled, and runtimes that end, stand still or have no timers.

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};
use std::thread;
use std::time::Duration;

use tokio::runtime::{Builder, Runtime};

use crate::testing::{
    Ask, Behavior, Callers, Count, Flavor, LONG_BACKOFFS, SHORT_BACKOFFS, Site, block_on, cause,
    hold_due, one_token, polled,
};
use crate::{Async, TokenSource};

#[test]
fn callers_on_many_runtimes_share_one_request() {
    let site = Site::new();
    let source = site.source::<Async>(LONG_BACKOFFS);

    let runtimes: Vec<_> = (0..8)
        .map(|_| Async::start(32, &source, Ask::Token))
        .collect();
    site.receives(1);
    runtimes.iter().for_each(Callers::have_asked);
    site.respond([Behavior::Token]);

    let results = runtimes.into_iter().flat_map(Callers::results);
    one_token(results.collect());
    assert_eq!(site.requests(), 1);
}

#[test]
fn a_first_caller_that_is_cancelled_anywhere_harms_no_other() {
    for polls in 0..5 {
        let site = Site::new();
        let source = site.source::<Async>(LONG_BACKOFFS);

        cancel_after(polls, source.token());
        let others = Async::start(20, &source, Ask::Token);
        others.have_asked();
        site.respond([Behavior::Token]);

        one_token(others.results());
        assert_eq!(site.requests(), 1);
    }
}

#[test]
fn a_later_caller_that_is_cancelled_anywhere_harms_no_other() {
    for polls in 0..5 {
        let site = Site::new();
        let source = site.source::<Async>(LONG_BACKOFFS);

        let first = Async::start(1, &source, Ask::Token);
        site.receives(1);
        cancel_after(polls, source.token());
        site.respond([Behavior::Token]);

        one_token(first.results());
        assert_eq!(site.requests(), 1);
    }
}

#[test]
fn a_runtime_that_ends_leaves_its_token_request_to_the_next() {
    let site = Site::new();
    let source = site.source::<Async>(LONG_BACKOFFS);

    let ending = Runtime::new().unwrap();
    let polls = spawn_callers(&ending, &source);
    polls.reaches(20);
    drop(ending);
    site.respond([Behavior::Token]);
    let token = without_timers().block_on(source.token());

    assert!(token.is_ok());
    assert_eq!(site.requests(), 1);
}

#[test]
fn a_runtime_that_ends_leaves_its_renewal_to_the_next() {
    let site = Site::new();
    let source = site.source::<Async>(LONG_BACKOFFS);
    hold_due(&source);

    let ending = without_timers();
    let old = ending.block_on(source.token()).unwrap();
    drop(ending);
    site.respond([Behavior::Token]);
    let new = without_timers().block_on(source.token_newer_than(&old));

    assert!(new.unwrap().generation() > old.generation());
    assert_eq!(site.requests(), 1);
}

#[test]
fn without_timers_a_backoff_is_waited_out() {
    let site = Site::new();
    let source = site.source::<Async>(SHORT_BACKOFFS);

    site.respond([Behavior::Unavailable, Behavior::Token]);
    let token = without_timers().block_on(source.token());

    assert!(token.is_ok());
    assert_eq!(site.requests(), 2);
}

#[test]
fn outside_every_runtime_a_backoff_is_waited_out() {
    let site = Site::new();
    let source = site.source::<Async>(SHORT_BACKOFFS);

    site.respond([Behavior::Unavailable, Behavior::Token]);
    let token = block_on(source.token());

    assert!(token.is_ok());
    assert_eq!(site.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn under_a_paused_clock_a_token_request_is_waited_for() {
    let site = Arc::new(Site::new());
    let source = site.source::<Async>(LONG_BACKOFFS);
    let polls = Arc::new(Count::default());

    respond_once_polled(&site, &polls);
    let token = polled(source.token(), Arc::clone(&polls)).await;

    assert!(token.is_ok());
    assert_eq!(site.requests(), 1);
    assert!(polls.number() < MANY);
}

#[tokio::test(start_paused = true)]
async fn under_a_paused_clock_a_backoff_is_waited_out() {
    let site = Site::new();
    let source = site.source::<Async>(SHORT_BACKOFFS);
    let polls = Arc::new(Count::default());

    site.respond([Behavior::Unavailable, Behavior::Token]);
    let token = polled(source.token(), Arc::clone(&polls)).await;

    assert!(token.is_ok());
    assert_eq!(site.requests(), 2);
    assert!(polls.number() < MANY);
}

#[tokio::test(start_paused = true)]
async fn under_a_paused_clock_a_timeout_ends_in_real_time() {
    let site = Site::new();
    let source = site.source::<Async>(LONG_BACKOFFS);

    let timeout = Duration::from_millis(5);
    let error = source.token_within(timeout).await.unwrap_err();

    assert!(cause(&error).is_none());
}

fn cancel_after(polls: usize, future: impl Future) {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..polls {
        assert!(future.as_mut().poll(&mut context).is_pending());
    }
}

/// Spawns twenty callers that end with their runtime.
fn spawn_callers(runtime: &Runtime, source: &TokenSource<Async>) -> Arc<Count> {
    let polls = Arc::new(Count::default());
    for _ in 0..20 {
        let (source, polls) = (source.clone(), Arc::clone(&polls));
        runtime.spawn(async move { polled(source.token(), polls).await });
    }
    polls
}

/// Responds with a token after the first poll, from a thread outside of every runtime.
fn respond_once_polled(site: &Arc<Site>, polls: &Arc<Count>) {
    let (site, polls) = (Arc::clone(site), Arc::clone(polls));
    thread::spawn(move || {
        polls.reaches(1);
        site.respond([Behavior::Token]);
    });
}

fn without_timers() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

/// A caller that polls this often does not wait, but spins.
const MANY: usize = 50;
