//! `Retry-After`, as token endpoints and APIs send it.

use std::time::Duration;

use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest, Verdict};
use http::header::{DATE, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

pub(crate) fn check(retry_after: &[u8], date: &[u8]) {
    let mut headers = HeaderMap::new();
    for (name, value) in [(RETRY_AFTER, retry_after), (DATE, date)] {
        if let Ok(value) = HeaderValue::from_bytes(value) {
            headers.insert(name, value);
        }
    }
    let seconds = headers.get(RETRY_AFTER).and_then(seconds);
    let waits = [
        asked(&headers),
        Verdict::of(BUSY, &headers, b"").retry_after(),
    ];
    assert_eq!(waits[0], waits[1]);
    let wait = waits[0];
    assert!(wait.is_none_or(|wait| wait <= HOUR));
    if let Some(seconds) = seconds {
        assert_eq!(wait, Some(Duration::from_secs(seconds.min(3600))));
    }
}

/// Returns the number of seconds, if the value is one; a number that does not fit into a `u64` is the
/// largest.
fn seconds(value: &HeaderValue) -> Option<u64> {
    let text = value.to_str().ok()?.trim();
    let is_number = !text.is_empty() && text.chars().all(|c| c.is_ascii_digit());
    is_number.then(|| text.parse().unwrap_or(u64::MAX))
}

fn asked(headers: &HeaderMap) -> Option<Duration> {
    let credentials = ClientCredentials::new("acme-api", "s3cret").expect("valid credentials");
    let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();
    let mut response = Response::new(&b""[..]);
    *response.status_mut() = BUSY;
    *response.headers_mut() = headers.clone();
    exchange.finish(response).err()?.retry_after()
}

const BUSY: StatusCode = StatusCode::SERVICE_UNAVAILABLE;
const HOUR: Duration = Duration::from_secs(60 * 60);
