//! Runtimes that end, stand still or have no timers.

use std::sync::Arc;
use std::thread;

use tokio::runtime::{Builder, Runtime};

use super::callers::{callers, polled, token};
use super::count::Count;
use super::held::hold_due;
use super::issuer::{Answer, Issuer};
use super::policies::{LONG_PAUSES, SHORT_PAUSES};

#[test]
fn a_runtime_that_ends_leaves_its_exchange_to_the_next() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);

    let ending = Runtime::new().unwrap();
    let callers = ending.block_on(async { callers(50, &source, token) });
    callers.are_waiting();
    drop(ending);
    issuer.answer([Answer::Token]);
    let token = without_timers().block_on(source.token());

    assert!(token.is_ok());
    assert_eq!(issuer.requests(), 1);
}

#[test]
fn a_runtime_that_ends_leaves_its_renewal_to_the_next() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_due(&source);

    let ending = without_timers();
    let old = ending.block_on(source.token()).unwrap();
    drop(ending);
    issuer.answer([Answer::Token]);
    let new = without_timers().block_on(source.token_newer_than(&old));

    assert!(new.unwrap().generation() > old.generation());
    assert_eq!(issuer.requests(), 1);
}

#[test]
fn without_timers_a_pause_is_waited_out() {
    let issuer = Issuer::new();
    let source = issuer.source(SHORT_PAUSES);

    issuer.answer([Answer::Unavailable, Answer::Token]);
    let token = without_timers().block_on(source.token());

    assert!(token.is_ok());
    assert_eq!(issuer.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn under_a_paused_clock_an_exchange_is_waited_for() {
    let issuer = Arc::new(Issuer::new());
    let source = issuer.source(LONG_PAUSES);
    let polls = Arc::new(Count::default());

    answer_once_polled(&issuer, &polls);
    let token = polled(source.token(), Arc::clone(&polls)).await;

    assert!(token.is_ok());
    assert_eq!(issuer.requests(), 1);
    assert!(polls.number() < MANY);
}

#[tokio::test(start_paused = true)]
async fn under_a_paused_clock_a_pause_is_waited_out() {
    let issuer = Issuer::new();
    let source = issuer.source(SHORT_PAUSES);
    let polls = Arc::new(Count::default());

    issuer.answer([Answer::Unavailable, Answer::Token]);
    let token = polled(source.token(), Arc::clone(&polls)).await;

    assert!(token.is_ok());
    assert_eq!(issuer.requests(), 2);
    assert!(polls.number() < MANY);
}

/// From a thread that no runtime knows of.
fn answer_once_polled(issuer: &Arc<Issuer>, polls: &Arc<Count>) {
    let (issuer, polls) = (Arc::clone(issuer), Arc::clone(polls));
    thread::spawn(move || {
        polls.reaches(1);
        issuer.answer([Answer::Token]);
    });
}

fn without_timers() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

/// Whoever polls that often does not wait, but spins.
const MANY: usize = 50;
