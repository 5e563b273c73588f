//! APIs that refuse the token.

use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method};

use super::Driver;
use super::crowd::crowd;
use super::seen::{Seen, demand, reply_of, token_of};
use super::stage::{
    A_MOMENT, API, api_requests, driver, get, policy, post, request, setup, site, token_reply,
};
use crate::{ClockOffset, Fingerprint, MockEdx, Play, ReceivedRequest, Reply};

/// [`Item::ReplayedOnce`](super::Item::ReplayedOnce).
pub(super) fn replayed_once<D: Driver>() -> Seen {
    let edx = site()?;
    for token in ["first.of.three", "second.of.three", "third.of.three"] {
        edx.play_next(MockEdx::TOKEN_PATH, token_reply(token));
    }
    let detail = format!(r#"{{"detail": "{}"}}"#, "Invalid token. ".repeat(1500));
    let refusal = Reply::json(401, detail.as_str());
    edx.on("GET", API, Play::after(A_MOMENT, refusal));

    let mut setup = setup(&edx)?;
    // A third token is to be had.
    setup.policy = policy(|numbers| numbers.refusal_pause(A_MOMENT, A_MOMENT))?;

    let reply = reply_of(D::start(setup).call(get(&edx)?))?;

    let sent: Vec<_> = api_requests(&edx)
        .iter()
        .map(ReceivedRequest::token)
        .collect();
    demand(sent.len() == 2, || {
        format!(
            "sent a call {} times that was refused each time",
            sent.len()
        )
    })?;
    let expected = ["first.of.three", "second.of.three"].map(|token| Some(Fingerprint::of(token)));
    demand(sent == expected, || {
        "replayed a call with the refused token".to_owned()
    })?;
    let is_whole = reply.status() == 401 && reply.body().as_slice() == detail.as_bytes();
    demand(is_whole, || {
        let (status, length) = (reply.status(), reply.body().len());
        format!(
            "made {status} with {length} bytes of a 401 with {}",
            detail.len()
        )
    })
}

/// [`Item::BodyReplayed`](super::Item::BodyReplayed).
pub(super) fn body_replayed<D: Driver>() -> Seen {
    let edx = site()?;
    for token in ["first.of.two", "second.of.two"] {
        edx.play_next(MockEdx::TOKEN_PATH, token_reply(token));
    }
    edx.on("POST", API, Reply::json(201, "{}"));
    edx.play_next(API, Play::after(A_MOMENT, Reply::invalid_token()));
    let body = r#"{"enroll": "everybody"}"#.repeat(500);
    let mut request = post(&edx, &body)?;
    let json = HeaderValue::from_static("application/json");
    request.headers_mut().insert(CONTENT_TYPE, json);

    let reply = reply_of(driver::<D>(&edx)?.call(request))?;

    let requests = api_requests(&edx);
    let is_same = |(sent, of): (usize, &str)| sent == body.len() && of == "application/json";
    for sent in &requests {
        let content = sent.header("content-type").unwrap_or_default();
        demand(
            sent.method() == "POST" && is_same((sent.body_len(), content)),
            || {
                let (method, length) = (sent.method(), sent.body_len());
                format!(
                    "sent a {method} with {length} bytes of {content:?}, not {}",
                    body.len()
                )
            },
        )?;
        demand(sent.body() == Fingerprint::of(&body), || {
            "sent other bytes than the call's".to_owned()
        })?;
    }
    demand(requests.len() == 2 && reply.status() == 201, || {
        format!(
            "did not replay a POST, but handed back the {}",
            reply.status()
        )
    })
}

/// [`Item::RefusedTogether`](super::Item::RefusedTogether).
pub(super) fn refused_together<D: Driver>() -> Seen {
    let edx = site()?;
    let driver = driver::<D>(&edx)?;
    token_of(&driver)?;
    // Calls that began together learn one after the other that their token is refused.
    edx.rotate_signing_key();
    for number in (1..).take(TOGETHER) {
        let slowly = Play::after(A_MOMENT * 2 * number, Play::as_usual());
        edx.play_next(MockEdx::CATALOGS_PATH, slowly);
    }
    let call = request(Method::GET, &edx.catalogs_url(), "")?;

    let replies = crowd(TOGETHER, || driver.call(call.clone()))?;

    let minted = edx.token_requests() - 1;
    demand(minted == 1, || {
        format!("sent {minted} token requests for one refused token")
    })?;
    for called in replies {
        let status = reply_of(called)?.status();
        demand(status == 200, || {
            format!("handed back a {status} that a replay would have mended")
        })?;
    }
    Ok(())
}

/// [`Item::YoungToken`](super::Item::YoungToken).
pub(super) fn young_token<D: Driver>() -> Seen {
    let edx = site()?;
    let mut setup = setup(&edx)?;
    setup.policy = policy(|numbers| numbers.young(Duration::from_secs(3)))?;
    let driver = D::start(setup);
    token_of(&driver)?;
    // Whoever judges tokens has a clock that is behind: this one is from the future.
    edx.set_clock_offset(ClockOffset::Behind(Duration::from_secs(2)));
    edx.on_authorized("GET", API, Reply::json(200, "{}"));

    let reply = reply_of(driver.call(get(&edx)?))?;

    let minted = edx.token_requests() - 1;
    demand(minted == 0, || {
        "replaced a token that was only too young for its server's clock".to_owned()
    })?;
    demand(reply.status() == 200, || {
        format!(
            "did not wait until a token was no longer young: {}",
            reply.status()
        )
    })
}

const TOGETHER: usize = 8;
