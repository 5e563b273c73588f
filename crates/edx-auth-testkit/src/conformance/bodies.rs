//! Bodies that are too large.

use edx_auth_core::{ErrorKind, ExchangeError, TransportFailure};

use super::Driver;
use super::concurrency::run_until;
use super::fixture::{driver, setup, site, token_body};
use super::result::{ItemResult, ensure, failed_exchange, token_of};
use crate::{Behavior, MockEdx, MockResponse};

/// [`Item::BodyLimit`](super::Item::BodyLimit).
pub(super) fn body_limit<D: Driver>() -> ItemResult {
    up_to_the_limit::<D>()?;
    for (kind, head) in ENDLESS {
        endless::<D>(head).map_err(|reason| format!("{reason} (an endless body {kind})"))?;
    }
    Ok(())
}

/// [`Item::CompressionBomb`](super::Item::CompressionBomb).
pub(super) fn compression_bomb<D: Driver>() -> ItemResult {
    let edx = site()?;
    let bomb = MockResponse::json(200, BOMB).header("Content-Encoding", "gzip");
    edx.next_request(MockEdx::TOKEN_PATH, bomb);

    let outcome = failed_exchange(&driver::<D>(&edx)?);

    let unpacked = |reason| format!("{reason} ({} bytes that decode to a megabyte)", BOMB.len());
    outcome.map(drop).map_err(unpacked)
}

fn up_to_the_limit<D: Driver>() -> ItemResult {
    let edx = site()?;
    let limit = setup(&edx)?.request.rules().body_limit();
    edx.next_request(MockEdx::TOKEN_PATH, padded(limit));
    let whole = token_of(&driver::<D>(&edx)?);
    whole.map_err(|reason| format!("{reason} ({limit} bytes, exactly the limit)"))?;

    edx.next_request(MockEdx::TOKEN_PATH, padded(limit + 1));
    let error = failed_exchange(&driver::<D>(&edx)?);
    let error =
        error.map_err(|reason| format!("{reason} ({} bytes, one above the limit)", limit + 1))?;
    is_too_large(&error)
}

fn padded(length: usize) -> MockResponse {
    let mut body = token_body("in.much.space", 3600).into_bytes();
    body.resize(length, b' ');
    MockResponse::json(200, body)
}

fn endless<D: Driver>(head: &str) -> ItemResult {
    let edx = site()?;
    let chunk = format!("1000\r\n{:4096}\r\n", "");
    let head = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n");
    let handle = edx.next_request(MockEdx::TOKEN_PATH, Behavior::endless(head, chunk));
    let driver = driver::<D>(&edx)?;
    let is_enough = || handle.bytes_sent() > FAR_TOO_MUCH;

    let outcome = run_until(edx, is_enough, || failed_exchange(&driver))?;

    let read = handle.bytes_sent();
    let error = outcome.ok_or_else(|| format!("kept reading after {read} bytes"))??;
    is_too_large(&error)
}

fn is_too_large(error: &ExchangeError) -> ItemResult {
    let is_so = matches!(
        error.kind(),
        ErrorKind::Transport(TransportFailure::TooLarge { .. })
    );
    ensure(is_so, || {
        format!("did not report a body that is too large, but: {error}")
    })
}

/// A token response with a megabyte of white space after it:
///
/// ```sh
/// (printf '{"access_token": "out.of.a.bomb", "expires_in": 3600, "token_type": "JWT"}'
///  head -c 1048576 /dev/zero | tr '\0' ' ') | gzip -9n > bomb.gz
/// ```
const BOMB: &[u8] = include_bytes!("bomb.gz");

const ENDLESS: [(&str, &str); 3] = [
    ("without a length", "Content-Type: application/json"),
    (
        "with a length of ten gigabytes",
        "Content-Length: 10000000000",
    ),
    ("in chunks", "Transfer-Encoding: chunked"),
];

/// More than an operating system buffers for a reader that has stopped.
const FAR_TOO_MUCH: u64 = 64 * 1024 * 1024;
