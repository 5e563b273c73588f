//! Credentials that take their time, waver, or are changed from outside.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use edx_auth_core::RenewalPolicy;

use super::callers::{callers, one_token, token};
use super::count::Count;
use super::issuer::{Answer, Issuer, pair, request};
use super::policies::LONG_PAUSES;
use crate::TokenSource;
use crate::exchanges::Exchanges;
use crate::source::Shared;
use crate::source::credentials::Credentials;

#[tokio::test(flavor = "multi_thread")]
async fn credentials_slower_than_a_lease_still_bring_a_token() {
    let (issuer, gate) = (Issuer::new(), Arc::default());
    let source = issuer.source_for(waiting_for(&gate), short_lease());

    let callers = callers(5, &source, token);
    until(|| format!("{:?}", source.shared.errand()).contains("AtWork(Some"));
    gate.add();
    issuer.answer([Answer::Token]);

    one_token(callers.results().await);
    assert_eq!(issuer.requests(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_hang_take_one_thread() {
    let (issuer, gate) = (Issuer::new(), Arc::default());
    let exchanges: &'static Exchanges = Box::leak(Box::new(Exchanges::new(2, None)));
    let shared = Shared {
        exchanges,
        ..issuer.shared(waiting_for(&gate), short_lease())
    };
    let source = TokenSource {
        shared: Arc::new(shared),
    };

    for _ in 0..20 {
        source
            .token_within(Duration::from_millis(6))
            .await
            .unwrap_err();
    }

    assert!(format!("{exchanges:?}").contains("1 at work, 0 waiting"));
    gate.add();
}

#[tokio::test(flavor = "multi_thread")]
async fn credentials_that_waver_between_two_refused_pairs_are_believed_once() {
    let issuer = Issuer::new();
    let at_once = Duration::from_millis(1);
    let policy = RenewalPolicy::builder().permanent_backoff(at_once, at_once);
    let source = issuer.source_for(wavering(), policy.build().unwrap());
    issuer.answer([Answer::Refused; 5]);

    while issuer.requests() < 5 {
        source.token_within(Duration::ZERO).await.unwrap_err();
    }

    assert_eq!(issuer.asked_by(), ["one", "other", "one", "one", "one"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn changed_credentials_end_the_pause_of_the_old_ones() {
    let issuer = Issuer::new();
    let source = issuer.source(LONG_PAUSES);
    issuer.answer([Answer::Refused, Answer::Token]);
    source.token().await.unwrap_err();

    source.credentials_changed();

    source.token().await.unwrap();
    assert_eq!(issuer.requests(), 2);
}

/// Credentials that cannot be had until the gate has been opened.
fn waiting_for(gate: &Arc<Count>) -> Credentials {
    let gate = Arc::clone(gate);
    let slow = move || {
        gate.reaches(1);
        Ok(pair("acme-api"))
    };
    Credentials::changing(request("acme-api"), Box::new(slow))
}

/// Two pairs in turn.
fn wavering() -> Credentials {
    let calls = AtomicUsize::new(0);
    let next = move || match calls.fetch_add(1, Ordering::SeqCst) % 2 {
        0 => Ok(pair("one")),
        _ => Ok(pair("other")),
    };
    Credentials::changing(request("one"), Box::new(next))
}

fn short_lease() -> RenewalPolicy {
    let lease = Duration::from_millis(5);
    RenewalPolicy::builder().lease(lease).build().unwrap()
}

fn until(mut is_so: impl FnMut() -> bool) {
    while !is_so() {
        thread::yield_now();
    }
}
