//! Servers that are slow or silent.

use std::time::Duration;

use edx_auth_core::{TokenError, TransportFailure, TransportRules};

use super::Driver;
use super::concurrency::run_until;
use super::fixture::{API, get, setup, setup_at, site};
use super::full_port::full_port;
use super::result::{ItemResult, broken_exchange, ensure, token_of};
use crate::{Behavior, MockEdx};

/// [`Item::Stall`](super::Item::Stall).
pub(super) fn stall<D: Driver>() -> ItemResult {
    ends_in_time::<D>(Behavior::stall())
}

/// [`Item::SlowHead`](super::Item::SlowHead).
pub(super) fn slow_head<D: Driver>() -> ItemResult {
    let head = format!("HTTP/1.1 200 OK\r\nX-Padding: {:4000}\r\n\r\n", "");
    ends_in_time::<D>(Behavior::slow_body(head, BYTE_INTERVAL))
}

/// [`Item::SlowBody`](super::Item::SlowBody).
pub(super) fn slow_body<D: Driver>() -> ItemResult {
    ends_in_time::<D>(late_body())
}

/// [`Item::CallTimeout`](super::Item::CallTimeout).
pub(super) fn call_timeout<D: Driver>() -> ItemResult {
    for (kind, behavior) in [
        ("stalls", Behavior::stall()),
        ("sends byte by byte", late_body()),
    ] {
        let edx = site()?;
        let mut setup = setup(&edx)?;
        setup.timeout = DEADLINE;
        let driver = D::start(setup);
        token_of(&driver)?;
        let request = get(&edx)?;
        edx.next_request(API, behavior);
        let called = run_until(edx, || false, || driver.call(request))?;
        let called = called.ok_or_else(|| format!("kept waiting for an API that {kind}"))?;
        ensure(called.is_err(), || {
            format!("returned a response of an API that {kind}")
        })?;
    }
    Ok(())
}

/// [`Item::ConnectTimeout`](super::Item::ConnectTimeout).
pub(super) fn connect_timeout<D: Driver>() -> ItemResult {
    let url = format!("http://{}/oauth2/access_token", full_port()?);
    let mut setup = setup_at(&url, ("id", "secret"))?;
    setup.request = setup.request.deadline(LONGER_THAN_A_RUN);

    let outcome = D::start(setup).token(FAR_ABOVE_THE_CONNECT_TIMEOUT);

    let error = outcome.err();
    let error = error.as_ref().and_then(TokenError::renewal_error);
    ensure(error.is_some(), || {
        let limit = TransportRules::CONNECT_TIMEOUT;
        format!("tried to connect for {FAR_ABOVE_THE_CONNECT_TIMEOUT:?} instead of {limit:?}")
    })
}

fn ends_in_time<D: Driver>(behavior: Behavior) -> ItemResult {
    let edx = site()?;
    edx.next_request(MockEdx::TOKEN_PATH, behavior);
    let mut setup = setup(&edx)?;
    setup.request = setup.request.deadline(DEADLINE);

    let failure = broken_exchange(&D::start(setup))?;

    ensure(failure == TransportFailure::TimedOut, || {
        format!("did not report a timeout, but that the server {failure}")
    })
}

/// A head of some bytes that is complete long before the deadline, and a body that is not.
fn late_body() -> Behavior {
    let bytes = format!("HTTP/1.1 200 OK\r\n\r\n{:40000}", "");
    Behavior::slow_body(bytes, Duration::from_millis(1))
}

/// Far longer than the head of [`late_body`] takes on a busy machine.
const DEADLINE: Duration = Duration::from_secs(3);
const BYTE_INTERVAL: Duration = Duration::from_millis(20);

const FAR_ABOVE_THE_CONNECT_TIMEOUT: Duration = Duration::from_secs(20);
const LONGER_THAN_A_RUN: Duration = Duration::from_secs(60);
