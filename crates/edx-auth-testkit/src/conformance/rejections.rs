//! APIs that reject the token.

use std::thread;
use std::time::{Duration, Instant};

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Response};

use super::Driver;
use super::concurrency::call_concurrently;
use super::fixture::{
    API, SHORT_DELAY, TIMEOUT, api_requests, driver, get, policy, post, request, setup, site,
    token_response,
};
use super::result::{ItemResult, ensure, response_of, token_of};
use crate::{Behavior, ClockOffset, Fingerprint, MockEdx, MockResponse, ReceivedRequest};

/// [`Item::ReplayedOnce`](super::Item::ReplayedOnce).
pub(super) fn replayed_once<D: Driver>() -> ItemResult {
    let edx = site_with(["first.of.three", "second.of.three", "third.of.three"])?;
    let detail = format!(r#"{{"detail": "{}"}}"#, "Invalid token. ".repeat(1500));
    edx.on("GET", API, late_rejection(&detail));
    let mut setup = setup(&edx)?;
    // A third token is available.
    setup.policy = policy(|numbers| numbers.rejection_backoff(SHORT_DELAY, SHORT_DELAY))?;

    let called = D::start(setup).call(get(&edx)?);

    let sent = api_requests(&edx);
    ensure(sent.len() == 2, || {
        format!(
            "sent a call {} times although every token was rejected",
            sent.len()
        )
    })?;
    let tokens = sent.iter().map(ReceivedRequest::token);
    let expected = ["first.of.three", "second.of.three"].map(|token| Some(Fingerprint::of(token)));
    ensure(tokens.eq(expected), || {
        "replayed a call with the rejected token".to_owned()
    })?;
    is_the_rejection(&response_of(called)?, &detail)
}

/// [`Item::RejectionReported`](super::Item::RejectionReported).
pub(super) fn rejection_reported<D: Driver>() -> ItemResult {
    let edx = site_with(["first.of.three", "second.of.three", "third.of.three"])?;
    edx.on("GET", API, late_rejection("{}"));
    let mut setup = setup(&edx)?;
    setup.policy = policy(|numbers| numbers.rejection_backoff(SHORT_DELAY, SHORT_DELAY))?;
    let driver = D::start(setup);
    response_of(driver.call(get(&edx)?))?;

    let started = Instant::now();
    while edx.token_requests() < 3 {
        token_of(&driver)?;
        ensure(started.elapsed() < TIMEOUT, || {
            "did not report the rejected token of a replay, and kept using it".to_owned()
        })?;
        thread::sleep(SHORT_DELAY);
    }
    Ok(())
}

/// [`Item::RejectionDelivered`](super::Item::RejectionDelivered).
pub(super) fn rejection_delivered<D: Driver>() -> ItemResult {
    let edx = site_with(["the.only.one"])?;
    let outage = MockResponse::html(503, "<h1>Be right back</h1>");
    edx.on("POST", MockEdx::TOKEN_PATH, outage);
    let detail = r#"{"detail": "Invalid token."}"#;
    edx.on("GET", API, late_rejection(detail));

    let called = driver::<D>(&edx)?.call(get(&edx)?);

    let lost = |error| format!("lost the 401 of an API because no newer token came: {error}");
    is_the_rejection(&called.map_err(lost)?, detail)
}

/// [`Item::BodyReplayed`](super::Item::BodyReplayed).
pub(super) fn body_replayed<D: Driver>() -> ItemResult {
    let edx = site_with(["first.of.two", "second.of.two"])?;
    edx.on("POST", API, MockResponse::json(201, "{}"));
    edx.next_request(
        API,
        Behavior::after(SHORT_DELAY, MockResponse::invalid_token()),
    );
    let body = r#"{"enroll": "all"}"#.repeat(500);
    let mut request = post(&edx, &body)?;
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(CONTENT_TYPE, json);

    let response = response_of(driver::<D>(&edx)?.call(request))?;

    let requests = api_requests(&edx);
    requests.iter().try_for_each(|sent| is_whole(sent, &body))?;
    let status = response.status();
    ensure(requests.len() == 2 && status == 201, || {
        format!("did not replay a POST, but returned the {status}")
    })
}

/// [`Item::RejectedTogether`](super::Item::RejectedTogether).
pub(super) fn rejected_together<D: Driver>() -> ItemResult {
    let edx = site()?;
    let driver = driver::<D>(&edx)?;
    token_of(&driver)?;
    // The calls begin together, and learn one after the other that their token is rejected.
    edx.rotate_signing_key();
    for number in (1..).take(TOGETHER) {
        let slowly = Behavior::after(SHORT_DELAY * 2 * number, Behavior::pass_through());
        edx.next_request(MockEdx::CATALOGS_PATH, slowly);
    }
    let call = request(Method::GET, &edx.catalogs_url(), "")?;

    let responses = call_concurrently(TOGETHER, || driver.call(call.clone()))?;

    let renewals = edx.token_requests() - 1;
    ensure(renewals == 1, || {
        format!("sent {renewals} token requests for one rejected token")
    })?;
    for called in responses {
        let status = response_of(called)?.status();
        ensure(status == 200, || {
            format!("returned a {status} instead of replaying the call")
        })?;
    }
    Ok(())
}

/// [`Item::YoungToken`](super::Item::YoungToken).
pub(super) fn young_token<D: Driver>() -> ItemResult {
    let edx = site()?;
    let mut setup = setup(&edx)?;
    setup.policy = policy(|numbers| numbers.skew_grace(GRACE))?;
    let driver = D::start(setup);
    token_of(&driver)?;
    // The clock of the API is behind, so the token's `iat` is in the API's future.
    edx.set_clock_offset(ClockOffset::Behind(Duration::from_millis(3500)));
    edx.on_authorized("GET", API, MockResponse::json(200, "{}"));

    let response = response_of(driver.call(get(&edx)?))?;

    let renewals = edx.token_requests() - 1;
    ensure(renewals == 0, || {
        "replaced a token that was rejected only because of clock skew".to_owned()
    })?;
    ensure(response.status() == 200, || {
        format!(
            "did not wait for the end of the clock skew grace: {}",
            response.status()
        )
    })
}

/// Starts a site that issues these tokens, one after the other.
fn site_with<const COUNT: usize>(tokens: [&str; COUNT]) -> ItemResult<MockEdx> {
    let edx = site()?;
    for token in tokens {
        edx.next_request(MockEdx::TOKEN_PATH, token_response(token));
    }
    Ok(edx)
}

/// Returns a rejection that arrives when its token is past the grace for clock skew.
fn late_rejection(body: &str) -> Behavior {
    Behavior::after(SHORT_DELAY, MockResponse::json(401, body))
}

/// Checks that this is a 401 with the whole body, whose beginning the driver has read itself.
fn is_the_rejection(response: &Response<Vec<u8>>, body: &str) -> ItemResult {
    let (status, whole) = (response.status(), response.body());
    let is_so = status == 401 && whole.as_slice() == body.as_bytes();
    ensure(is_so, || {
        let (length, sent) = (whole.len(), body.len());
        format!("returned a {status} with {length} bytes instead of the 401 with {sent}")
    })
}

/// Checks that this is a POST with the whole body.
fn is_whole(sent: &ReceivedRequest, body: &str) -> ItemResult {
    let (method, length) = (sent.method(), sent.body_len());
    let content = sent.header("content-type").unwrap_or("no type");
    let is_so =
        method == "POST" && content == "application/json" && sent.body() == Fingerprint::of(body);
    ensure(is_so, || {
        let whole = body.len();
        format!("sent a {method} with {length} bytes of {content}, not the call's {whole}")
    })
}

/// Far longer than a rejection takes that is caused by the clock of the API, and shorter than a call's
/// timeout.
const GRACE: Duration = Duration::from_secs(5);

const TOGETHER: usize = 8;
