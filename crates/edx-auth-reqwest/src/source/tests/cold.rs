//! Many callers, and no token yet.

use std::pin::pin;
use std::task::{Context, Waker};
use std::thread;
use std::time::Duration;

use tokio::runtime::Builder;

use super::callers::{callers, cause, one_token, token};
use super::issuer::{Answer, Issuer};
use super::policies::LONG_PAUSES;
use crate::{Error, LiveToken, TokenSource};

#[tokio::test(flavor = "multi_thread")]
async fn callers_who_ask_at_once_share_one_request() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);

    let callers = callers(256, &source, token);
    issuer.is_asked(1);
    issuer.answer([Answer::Token]);

    one_token(callers.results().await);
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_without_patience_leaves_and_the_others_get_the_token() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);

    let error = source.token_within(Duration::ZERO).await.unwrap_err();
    let others = callers(50, &source, token);
    issuer.answer([Answer::Token]);

    assert!(cause(&error).is_none());
    assert!(error.is_retryable());
    one_token(others.results().await);
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_comes_while_callers_line_up_reaches_them_all() {
    for _ in 0..50 {
        let issuer = Issuer::new();
        let source = issuer.source(LONG_PAUSES);

        issuer.answer([Answer::Token]);
        let callers = callers(16, &source, token);

        one_token(callers.results().await);
        assert_eq!(issuer.requests(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_thousand_tasks_share_one_request() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);

    let callers = callers(10_000, &source, token);
    callers.are_waiting();
    issuer.answer([Answer::Token]);

    one_token(callers.results().await);
    assert_eq!(issuer.requests(), 1);
}

#[test]
fn callers_on_many_runtimes_share_one_request() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);

    let threads: Vec<_> = (0..8)
        .map(|_| {
            let source = source.clone();
            thread::spawn(move || on_a_runtime_of_its_own(&source, 32))
        })
        .collect();
    issuer.is_asked(1);
    issuer.answer([Answer::Token]);

    let results = threads
        .into_iter()
        .flat_map(|thread| thread.join().unwrap());
    one_token(results.collect());
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_leader_that_is_cancelled_anywhere_takes_nobody_along() {
    for polls in 0..5 {
        let issuer = Issuer::new();
        let source = issuer.source(LONG_PAUSES);

        cancel_after(polls, source.token());
        let others = callers(50, &source, token);
        others.are_waiting();
        issuer.answer([Answer::Token]);

        one_token(others.results().await);
        assert_eq!(issuer.requests(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cancelled_follower_takes_nobody_along() {
    for polls in 0..5 {
        let issuer = Issuer::new();
        let source = issuer.source(LONG_PAUSES);

        let leader = callers(1, &source, token);
        issuer.is_asked(1);
        cancel_after(polls, source.token());
        issuer.answer([Answer::Token]);

        one_token(leader.results().await);
        assert_eq!(issuer.requests(), 1);
    }
}

fn on_a_runtime_of_its_own(source: &TokenSource, count: usize) -> Vec<Result<LiveToken, Error>> {
    let runtime = Builder::new_current_thread().build().unwrap();
    runtime.block_on(async { callers(count, source, token).results().await })
}

fn cancel_after(polls: usize, future: impl Future) {
    let mut future = pin!(future);
    let mut nobody = Context::from_waker(Waker::noop());
    for _ in 0..polls {
        assert!(future.as_mut().poll(&mut nobody).is_pending());
    }
}
