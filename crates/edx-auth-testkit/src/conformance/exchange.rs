//! One token request: what is sent, and what counts as a response.

use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::time::Duration;

use edx_auth_core::{ErrorCode, FormBody, TransportFailure};
use http::Request;
use http::header::AUTHORIZATION;

use super::Driver;
use super::fixture::{
    API, driver, get, kit_error, setup, setup_at, site, token_body, token_response,
};
use super::result::{ItemResult, broken_exchange, ensure, failed_exchange, token_of};
use crate::{Behavior, Fingerprint, MockEdx, MockResponse, ReceivedRequest};

/// [`Item::RequestAsGiven`](super::Item::RequestAsGiven).
pub(super) fn request_as_given<D: Driver>() -> ItemResult {
    for by_basic in [false, true] {
        let edx = site()?;
        let mut setup = setup(&edx)?;
        if by_basic {
            setup.request = setup.request.basic_auth();
        }
        let (given, _) = setup.request.begin();
        token_of(&D::start(setup))?;
        let secret = Fingerprint::of(edx.client_secret());
        for sent in edx.requests() {
            is_as_given(&sent, &given)?;
            ensure(sent.client_secret() == Some(secret), || {
                "sent another client secret than the setup has".to_owned()
            })?;
        }
    }
    Ok(())
}

/// [`Item::ErrorBodies`](super::Item::ErrorBodies).
pub(super) fn error_bodies<D: Driver>() -> ItemResult {
    let edx = site()?;
    let body = r#"{"error": "unauthorized_client", "error_description": "Not this grant."}"#;
    edx.next_request(MockEdx::TOKEN_PATH, MockResponse::json(401, body));

    let error = failed_exchange(&driver::<D>(&edx)?)?;

    let code = error.oauth_code();
    ensure(code == Some(&ErrorCode::UnauthorizedClient), || {
        format!("lost the error code of a 401: {error}")
    })?;
    asked_wait::<D>()
}

/// A server that asks for a wait is not asked again before it.
fn asked_wait<D: Driver>() -> ItemResult {
    let edx = site()?;
    let throttled = MockResponse::html(429, "").header("Retry-After", "7");
    edx.next_request(MockEdx::TOKEN_PATH, throttled);

    let error = failed_exchange(&driver::<D>(&edx)?)?;

    let wait = error.retry_after();
    ensure(wait == Some(Duration::from_secs(7)), || {
        format!("lost the Retry-After of a 429: {wait:?}")
    })
}

/// [`Item::TruncatedResponses`](super::Item::TruncatedResponses).
pub(super) fn truncated_responses<D: Driver>() -> ItemResult {
    let body = token_body("of.a.cut", 3600);
    let chunk = format!("{:x}\r\n{body}\r\n", body.len());
    for (kind, cut) in [
        (
            "shorter than its Content-Length",
            token_response("of.a.cut").header("Content-Length", "4096"),
        ),
        (
            "without its last chunk",
            MockResponse::json(200, chunk).header("Transfer-Encoding", "chunked"),
        ),
    ] {
        let edx = site()?;
        edx.next_request(MockEdx::TOKEN_PATH, Behavior::bytes(cut.clone()));
        let outcome = broken_exchange(&driver::<D>(&edx)?);
        outcome.map_err(|reason| format!("{reason} (a token response {kind})"))?;

        edx.on("GET", API, Behavior::bytes(cut));
        let called = driver::<D>(&edx)?.call(get(&edx)?);
        ensure(called.is_err(), || {
            format!("returned an API response {kind}")
        })?;
    }
    Ok(())
}

/// [`Item::NotHttp`](super::Item::NotHttp).
pub(super) fn not_http<D: Driver>() -> ItemResult {
    for bytes in [
        &b"SSH-2.0-OpenSSH_9.9\r\n"[..],
        b"HTTP/1.1 two hundred\r\n\r\n",
        &[0xff; 999],
    ] {
        let edx = site()?;
        edx.next_request(MockEdx::TOKEN_PATH, Behavior::bytes(bytes));
        broken_exchange(&driver::<D>(&edx)?)?;
    }
    Ok(())
}

/// [`Item::ClosedPort`](super::Item::ClosedPort).
pub(super) fn closed_port<D: Driver>() -> ItemResult {
    let (near, _far) = connection().map_err(kit_error)?;
    let address = near.local_addr().map_err(kit_error)?;
    let url = format!("http://{address}/oauth2/access_token");

    let failure = broken_exchange(&D::start(setup_at(&url, ("id", "secret"))?))?;

    let is_fair = matches!(
        failure,
        TransportFailure::NotSent | TransportFailure::MaybeSent
    );
    ensure(is_fair, || {
        format!("reported for a closed port that it {failure}")
    })
}

/// Returns both ends of a connection. While they are open, the port of the near end is closed to
/// connections, and no server of another test can bind it.
fn connection() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let near = TcpStream::connect(listener.local_addr()?)?;
    let (far, _) = listener.accept()?;
    Ok((near, far))
}

fn is_as_given(sent: &ReceivedRequest, given: &Request<FormBody>) -> ItemResult {
    for (name, value) in given
        .headers()
        .iter()
        .filter(|(name, _)| *name != AUTHORIZATION)
    {
        let sent = sent.header(name.as_str());
        ensure(sent.map(str::as_bytes) == Some(value.as_bytes()), || {
            format!("sent {name}: {}, not {value:?}", sent.unwrap_or_default())
        })?;
    }
    ensure(sent.method() == given.method().as_str(), || {
        format!("sent a {}", sent.method())
    })?;
    ensure(sent.body() == Fingerprint::of(given.body()), || {
        "sent another body than the request has".to_owned()
    })
}
