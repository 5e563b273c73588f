//! What breaks around an exchange.

use std::thread;
use std::time::Duration;

use edx_auth_core::RenewalError;

use super::callers::{callers, cause, one_error, one_token, token};
use super::held::hold_due;
use super::issuer::{Answer, Issuer, request};
use super::policies::{LONG_PAUSES, SHORT_PAUSES};
use crate::TokenSource;
use crate::exchanges::Exchanges;
use crate::source::Shared;
use crate::source::credentials::Credentials;

#[tokio::test(flavor = "multi_thread")]
async fn a_panicking_exchange_is_asked_again() {
    let issuer = Issuer::new();
    let source = issuer.source(SHORT_PAUSES);

    let callers = callers(50, &source, token);
    issuer.answer([Answer::Panic, Answer::Panic, Answer::Token]);

    one_token(callers.results().await);
    assert_eq!(issuer.requests(), 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_panicking_exchange_sends_nobody_into_a_long_wait() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);

    let callers = callers(50, &source, token);
    issuer.answer([Answer::Panic]);

    let error = one_error(callers.results().await);
    assert!(matches!(cause(&error), Some(RenewalError::Abandoned)));
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_thread_can_be_had_nobody_waits() {
    let issuer = Issuer::new();
    let source = without_threads(&issuer);

    let error = source.token().await.unwrap_err();

    assert!(matches!(cause(&error), Some(RenewalError::Abandoned)));
    assert!(error.advice().contains("threads"));
    assert!(error.is_retryable() && error.retry_after().is_some());
    assert_eq!(issuer.requests(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_no_thread_can_be_had_the_token_at_hand_is_served() {
    let issuer = Issuer::new();
    let source = without_threads(&issuer);
    hold_due(&source);

    let callers = callers(50, &source, token);

    one_token(callers.results().await);
    assert_eq!(issuer.requests(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_breaks_leaves_its_exchange_to_the_others() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);

    ask_and_panic(&source).await;
    issuer.is_asked(1);
    let others = callers(50, &source, token);
    issuer.answer([Answer::Token]);

    one_token(others.results().await);
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_that_breaks_leaves_its_renewal_to_the_others() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    hold_due(&source);

    ask_and_panic(&source).await;
    issuer.is_asked(1);
    let old = source.token().await.unwrap();
    issuer.answer([Answer::Token]);
    let new = source.token_newer_than(&old).await.unwrap();

    assert!(new.generation() > old.generation());
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_poisoned_lifecycle_is_entered_all_the_same() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    poison(&source);

    let callers = callers(50, &source, token);
    issuer.is_asked(1);
    issuer.answer([Answer::Token]);

    one_token(callers.results().await);
    assert!(source.shared.lifecycle.is_poisoned());
    assert_eq!(issuer.requests(), 1);
}

fn without_threads(issuer: &Issuer) -> TokenSource {
    let credentials = Credentials::Fixed(request("acme-api"));
    let shared = Shared {
        exchanges: &NO_THREADS,
        ..issuer.shared(credentials, LONG_PAUSES)
    };
    TokenSource {
        shared: shared.into(),
    }
}

async fn ask_and_panic(source: &TokenSource) {
    let source = source.clone();
    let caller = tokio::spawn(async move {
        let _token = source.token_within(Duration::ZERO).await;
        panic!("the caller breaks");
    });
    caller.await.unwrap_err();
}

fn poison(source: &TokenSource) {
    let source = source.clone();
    let holder = thread::spawn(move || {
        let _held = source.shared.lock();
        panic!("the holder of the lock breaks");
    });
    holder.join().unwrap_err();
}

/// No address space has room for such a stack.
static NO_THREADS: Exchanges = Exchanges::new(1, Some(usize::MAX / 8));
