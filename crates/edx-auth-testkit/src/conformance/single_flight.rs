//! Many callers that share one exchange.

use std::time::Duration;

use super::Driver;
use super::concurrency::call_concurrently;
use super::fixture::{PATIENCE, driver, policy, setup, site};
use super::result::{ItemResult, ensure, token_of};
use crate::{Behavior, MockEdx, Reply};

/// [`Item::SingleFlight`](super::Item::SingleFlight).
pub(super) fn single_flight<D: Driver>() -> ItemResult {
    let edx = site()?;
    edx.next_request(MockEdx::TOKEN_PATH, slow_reply());
    let driver = driver::<D>(&edx)?;

    let results = call_concurrently(16, || token_of(&driver))?;

    let requests = edx.token_requests();
    ensure(requests == 1, || {
        format!("sent {requests} token requests for 16 callers at once")
    })?;
    results.into_iter().try_for_each(|token| token.map(drop))
}

/// [`Item::GivingUp`](super::Item::GivingUp).
pub(super) fn giving_up<D: Driver>() -> ItemResult {
    let edx = site()?;
    let handle = edx.next_request(MockEdx::TOKEN_PATH, slow_reply());
    let driver = driver::<D>(&edx)?;

    let _left = driver.token(SHORT_PATIENCE);
    let has_waited = handle.ends_within(Duration::ZERO);
    let other = driver.token(PATIENCE);

    ensure(!has_waited, || {
        format!("kept a caller with {SHORT_PATIENCE:?} of patience until the reply came")
    })?;
    let requests = edx.token_requests();
    ensure(requests == 1, || {
        format!("sent {requests} token requests where one caller left and one stayed")
    })?;
    let without = |error| format!("left the other without a token when one caller left: {error}");
    other.map(drop).map_err(without)
}

/// [`Item::OneRequestPerPause`](super::Item::OneRequestPerPause).
pub(super) fn one_request_per_pause<D: Driver>() -> ItemResult {
    let edx = site()?;
    edx.on("POST", MockEdx::TOKEN_PATH, outage());
    let driver = driver::<D>(&edx)?;

    let _first = driver.token(PATIENCE);
    for _ in 0..3 {
        call_concurrently(8, || drop(driver.token(PAUSE)))?;
    }

    let requests = edx.token_requests();
    ensure(requests == 1, || {
        format!("sent {requests} token requests in one pause")
    })
}

/// [`Item::PauseWaitedOut`](super::Item::PauseWaitedOut).
pub(super) fn pause_waited_out<D: Driver>() -> ItemResult {
    let edx = site()?;
    edx.next_request(MockEdx::TOKEN_PATH, outage());
    let mut setup = setup(&edx)?;
    setup.policy = policy(|numbers| numbers.transient_backoff(PAUSE, PAUSE))?;

    let token = D::start(setup).token(PATIENCE);

    let requests = edx.token_requests();
    ensure(requests <= 2, || {
        format!("sent {requests} token requests where the second was answered")
    })?;
    let left =
        |error| format!("left although the pause ended within the caller's patience: {error}");
    token.map(drop).map_err(left)
}

/// A delay in which all callers start to wait, and the impatient ones give up.
fn slow_reply() -> Behavior {
    Behavior::after(Duration::from_secs(2), Behavior::pass_through())
}

fn outage() -> Reply {
    Reply::html(503, "<h1>Be right back</h1>")
}

const SHORT_PATIENCE: Duration = Duration::from_millis(50);
const PAUSE: Duration = Duration::from_millis(300);
