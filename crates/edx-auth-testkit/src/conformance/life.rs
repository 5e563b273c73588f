//! A token that grows old.

use std::thread;
use std::time::{Duration, Instant};

use super::Driver;
use super::fixture::{PATIENCE, SHORT_DELAY, driver, policy, setup, site, token_body, token_reply};
use super::result::{ItemResult, ensure, token_of};
use crate::{Behavior, MockEdx, Reply};

/// [`Item::RenewalWithoutWait`](super::Item::RenewalWithoutWait).
pub(super) fn renewal_without_wait<D: Driver>() -> ItemResult {
    let edx = site()?;
    edx.next_request(
        MockEdx::TOKEN_PATH,
        Reply::json(200, token_body("due.in.seconds", 4)),
    );
    let renewal = edx.next_request(MockEdx::TOKEN_PATH, Behavior::stall());
    let mut setup = setup(&edx)?;
    setup.request = setup.request.deadline(Duration::from_secs(8));
    // As much time as there can be between the day when it is due and its last.
    setup.policy = policy(|numbers| numbers.expiry_margin(Duration::from_millis(1)))?;
    let driver = D::start(setup);

    let started = Instant::now();
    while edx.token_requests() < 2 {
        ensure(started.elapsed() < PATIENCE, || {
            "did not renew a token that was due".to_owned()
        })?;
        let token = driver.token(PATIENCE);
        token.map_err(|error| format!("lost a good token when its renewal began: {error}"))?;
        thread::sleep(BREATH);
    }

    // A renewal that was waited for is over by now.
    ensure(!renewal.ends_within(A_WHILE), || {
        "kept a caller with a good token until its renewal had ended".to_owned()
    })
}

/// [`Item::Expired`](super::Item::Expired).
pub(super) fn expired<D: Driver>() -> ItemResult {
    let edx = site()?;
    edx.next_request(
        MockEdx::TOKEN_PATH,
        Reply::json(200, token_body("short.lived.one", 2)),
    );
    edx.next_request(MockEdx::TOKEN_PATH, token_reply("another.one"));
    let driver = driver::<D>(&edx)?;
    let first = token_of(&driver)?;
    thread::sleep(first.usable_for() + SHORT_DELAY);

    let second = token_of(&driver)?;

    ensure(first.authorization() != second.authorization(), || {
        "handed out a token whose life was over".to_owned()
    })
}

const A_WHILE: Duration = Duration::from_millis(300);
const BREATH: Duration = Duration::from_millis(20);
