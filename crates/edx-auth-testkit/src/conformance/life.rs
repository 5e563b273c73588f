//! Tokens that are due for renewal or expired.

use std::thread;
use std::time::{Duration, Instant};

use super::Driver;
use super::fixture::{
    SHORT_DELAY, SHORT_LIFE, TIMEOUT, driver, policy, setup, site, token_body, token_response,
};
use super::result::{ItemResult, ensure, token_of};
use crate::{Behavior, MockEdx, MockResponse};

/// [`Item::RenewalWithoutWait`](super::Item::RenewalWithoutWait).
pub(super) fn renewal_without_wait<D: Driver>() -> ItemResult {
    let edx = site()?;
    edx.next_request(
        MockEdx::TOKEN_PATH,
        MockResponse::json(200, token_body("due.in.seconds", 9)),
    );
    let renewal = edx.next_request(MockEdx::TOKEN_PATH, Behavior::stall());
    let mut setup = setup(&edx)?;
    setup.request = setup.request.deadline(Duration::from_secs(8));
    // As much time as possible between the time when the renewal is due and the expiry.
    setup.policy = policy(|numbers| numbers.expiry_margin(Duration::from_millis(1)))?;
    let driver = D::start(setup);

    let started = Instant::now();
    while edx.token_requests() < 2 {
        ensure(started.elapsed() < TIMEOUT * 2, || {
            "did not renew a token that was due for renewal".to_owned()
        })?;
        let token = driver.token(TIMEOUT);
        token.map_err(|error| {
            format!("returned no token while the renewal of a valid one ran: {error}")
        })?;
        thread::sleep(POLL_INTERVAL);
    }

    // If a caller had waited for the renewal, it would have ended by now.
    ensure(!renewal.ends_within(A_WHILE), || {
        "let a caller wait for a renewal although its token was valid".to_owned()
    })
}

/// [`Item::Expired`](super::Item::Expired).
pub(super) fn expired<D: Driver>() -> ItemResult {
    let edx = site()?;
    edx.next_request(
        MockEdx::TOKEN_PATH,
        MockResponse::json(200, token_body("short.lived.one", SHORT_LIFE)),
    );
    edx.next_request(MockEdx::TOKEN_PATH, token_response("another.one"));
    let driver = driver::<D>(&edx)?;
    let first = token_of(&driver)?;
    thread::sleep(first.usable_for() + SHORT_DELAY);

    let second = token_of(&driver)?;

    ensure(first.authorization() != second.authorization(), || {
        "returned an expired token".to_owned()
    })
}

const A_WHILE: Duration = Duration::from_millis(300);
const POLL_INTERVAL: Duration = Duration::from_millis(20);
