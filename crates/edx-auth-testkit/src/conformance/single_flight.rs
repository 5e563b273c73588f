//! Callers that share one token request, and the backoff after it fails.

use std::time::{Duration, Instant};

use super::Driver;
use super::concurrency::call_concurrently;
use super::fixture::{TIMEOUT, driver, policy, setup, site};
use super::result::{ItemResult, ensure, token_of};
use crate::{Behavior, MockEdx, MockResponse};

/// [`Item::SingleFlight`](super::Item::SingleFlight).
pub(super) fn single_flight<D: Driver>() -> ItemResult {
    let edx = site()?;
    edx.next_request(MockEdx::TOKEN_PATH, slow_response());
    let driver = driver::<D>(&edx)?;

    let results = call_concurrently(16, || token_of(&driver))?;

    let requests = edx.token_requests();
    ensure(requests == 1, || {
        format!("sent {requests} token requests for 16 concurrent callers")
    })?;
    results.into_iter().try_for_each(|token| token.map(drop))
}

/// [`Item::EarlyTimeout`](super::Item::EarlyTimeout).
pub(super) fn early_timeout<D: Driver>() -> ItemResult {
    let edx = site()?;
    let held = Behavior::until_released(Behavior::pass_through());
    let response = edx.next_request(MockEdx::TOKEN_PATH, held);
    let driver = driver::<D>(&edx)?;

    let started = Instant::now();
    let _left = driver.token(SHORT_TIMEOUT);
    let waited = started.elapsed();
    response.release();
    let other = driver.token(TIMEOUT);

    ensure(waited < TIMEOUT / 2, || {
        format!("kept a caller with a timeout of {SHORT_TIMEOUT:?} for {waited:?}")
    })?;
    let requests = edx.token_requests();
    ensure(requests == 1, || {
        format!("sent {requests} token requests for one caller that timed out and the next one")
    })?;
    let without =
        |error| format!("gave a caller no token after the one before it timed out: {error}");
    other.map(drop).map_err(without)
}

/// [`Item::OneRequestPerBackoff`](super::Item::OneRequestPerBackoff).
pub(super) fn one_request_per_backoff<D: Driver>() -> ItemResult {
    let edx = site()?;
    edx.on("POST", MockEdx::TOKEN_PATH, outage());
    let driver = driver::<D>(&edx)?;

    let _first = driver.token(TIMEOUT);
    for _ in 0..3 {
        call_concurrently(8, || drop(driver.token(BRIEF)))?;
    }

    let requests = edx.token_requests();
    ensure(requests == 1, || {
        format!("sent {requests} token requests within one backoff")
    })
}

/// [`Item::BackoffWaitedOut`](super::Item::BackoffWaitedOut).
pub(super) fn backoff_waited_out<D: Driver>() -> ItemResult {
    let edx = site()?;
    edx.next_request(MockEdx::TOKEN_PATH, outage());
    let mut setup = setup(&edx)?;
    setup.policy = policy(|numbers| numbers.transient_backoff(BACKOFF, BACKOFF))?;

    let token = D::start(setup).token(TIMEOUT);

    let requests = edx.token_requests();
    ensure(requests <= 2, || {
        format!("sent {requests} token requests although the second succeeded")
    })?;
    let left =
        |error| format!("failed a caller although the backoff ended within its timeout: {error}");
    token.map(drop).map_err(left)
}

/// Takes long enough that all callers start to wait.
fn slow_response() -> Behavior {
    Behavior::after(Duration::from_secs(2), Behavior::pass_through())
}

fn outage() -> MockResponse {
    MockResponse::html(503, "<h1>Be right back</h1>")
}

const SHORT_TIMEOUT: Duration = Duration::from_millis(50);
const BRIEF: Duration = Duration::from_millis(300);

/// Long enough that a caller still finds it running on a busy machine, and shorter than a caller's timeout.
const BACKOFF: Duration = Duration::from_secs(3);
