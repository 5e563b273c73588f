//! Requests whose connection breaks: which of them are sent again.

use std::thread;

use super::Driver;
use super::fixture::{
    API, SHORT_DELAY, SHORT_LIFE, TIMEOUT, api_requests, driver, get, post, site, token_body,
    token_response,
};
use super::result::{ItemResult, ensure, response_of, token_of};
use crate::{Behavior, MockEdx, MockResponse};

/// [`Item::OnePost`](super::Item::OnePost).
pub(super) fn one_post<D: Driver>() -> ItemResult {
    for (kind, behavior) in [
        ("was closed", Behavior::close()),
        ("was reset", Behavior::reset()),
        (
            "was cut within the head",
            Behavior::cut(token_response("a.b.c"), 20),
        ),
        (
            "was cut within the body",
            Behavior::cut(token_response("a.b.c"), 90),
        ),
    ] {
        let edx = site()?;
        edx.next_request(MockEdx::TOKEN_PATH, behavior);
        let _failed = driver::<D>(&edx)?.token(TIMEOUT);
        let requests = edx.token_requests();
        ensure(requests == 1, || {
            format!("sent {requests} token requests when the connection {kind}")
        })?;
    }
    one_post_on_a_used_connection::<D>()
}

/// A connection pool may resend a request that it believes was never received.
fn one_post_on_a_used_connection<D: Driver>() -> ItemResult {
    let edx = site()?;
    edx.next_request(
        MockEdx::TOKEN_PATH,
        MockResponse::json(200, token_body("short.lived", SHORT_LIFE)),
    );
    let driver = driver::<D>(&edx)?;
    let token = token_of(&driver)?;
    edx.on_reused_connection(Behavior::reset());
    thread::sleep(token.usable_for() + SHORT_DELAY);

    // A new connection gives a token, the reused one an error. Both are fine.
    let _either = driver.token(TIMEOUT);

    let requests = edx.token_requests() - 1;
    ensure(requests <= 1, || {
        format!("sent {requests} token requests when a reused connection was reset")
    })
}

/// [`Item::BrokenGet`](super::Item::BrokenGet).
pub(super) fn broken_get<D: Driver>() -> ItemResult {
    let edx = site()?;
    edx.on("GET", API, MockResponse::json(200, "{}"));
    let driver = driver::<D>(&edx)?;
    token_of(&driver)?;

    edx.next_request(API, Behavior::reset());
    let once = driver.call(get(&edx)?);
    once.map_err(|error| format!("did not resend a GET after its connection broke: {error}"))?;

    let before = api_requests(&edx).len();
    for _ in 0..5 {
        edx.next_request(API, Behavior::reset());
    }
    let called = driver.call(get(&edx)?);
    let requests = api_requests(&edx).len() - before;
    ensure(called.is_err() && requests == 2, || {
        format!("sent a GET {requests} times while every connection broke")
    })
}

/// [`Item::BrokenPost`](super::Item::BrokenPost).
pub(super) fn broken_post<D: Driver>() -> ItemResult {
    for behavior in [Behavior::reset(), Behavior::close()] {
        let edx = site()?;
        edx.on("POST", API, MockResponse::json(200, "{}"));
        let driver = driver::<D>(&edx)?;
        token_of(&driver)?;
        edx.next_request(API, behavior);
        let called = driver.call(post(&edx, "{}")?);
        let requests = api_requests(&edx).len();
        ensure(called.is_err() && requests == 1, || {
            format!("sent a POST {requests} times after its connection broke")
        })?;
    }
    broken_post_on_a_used_connection::<D>()
}

fn broken_post_on_a_used_connection<D: Driver>() -> ItemResult {
    let edx = site()?;
    edx.on("POST", API, MockResponse::json(200, "{}"));
    let driver = driver::<D>(&edx)?;
    response_of(driver.call(post(&edx, "{}")?))?;
    edx.on_reused_connection(Behavior::reset());

    // A new connection gives a response, the reused one an error. Both are fine.
    let _either = driver.call(post(&edx, "{}")?);

    let requests = api_requests(&edx).len() - 1;
    ensure(requests == 1, || {
        format!("sent a POST {requests} times after its reused connection was reset")
    })
}
