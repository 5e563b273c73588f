//! One call with a fresh token: from the source to the header of a request.

use std::hint::black_box;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use edx_auth_core::{AccessToken, StoredToken, TokenType};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderValue};

use crate::{build, response};

/// Returns a token of about this many bytes.
#[must_use]
pub fn token(length: usize) -> AccessToken {
    AccessToken::new(TokenType::Jwt, &response::jwt(length)).expect("a token")
}

/// Returns a blocking source that renews its token, and has one that is not due for renewal.
#[must_use]
pub fn ureq_source(length: usize) -> edx_auth_ureq::TokenSource {
    let source = edx_auth_ureq::TokenSource::new(build::kept()).expect("a source");
    source.restore(fresh(length));
    source
}

/// Returns an async source that renews its token, and has one that is not due for renewal.
#[must_use]
pub fn reqwest_source(length: usize) -> edx_auth_reqwest::TokenSource {
    let source = edx_auth_reqwest::TokenSource::new(build::kept()).expect("a source");
    source.restore(fresh(length));
    source
}

/// Returns a token that is valid for a year and was issued a minute ago.
fn fresh(length: usize) -> StoredToken {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    let born = now
        .unwrap_or_default()
        .saturating_sub(Duration::from_secs(60));
    StoredToken::new(token(length), Duration::from_secs(365 * 24 * 60 * 60), born)
}

/// Returns the headers of a request. All contestants reuse them.
#[must_use]
pub fn headers() -> HeaderMap {
    let mut headers = HeaderMap::with_capacity(4);
    headers.insert(AUTHORIZATION, HeaderValue::from_static("none"));
    headers
}

/// Puts the token of a blocking source into the headers.
pub fn ureq(source: &edx_auth_ureq::TokenSource, headers: &mut HeaderMap) {
    let token = source.token().expect("a token");
    headers.insert(AUTHORIZATION, token.into_authorization());
    black_box(headers);
}

/// Puts the token of an async source into the headers.
pub fn reqwest(source: &edx_auth_reqwest::TokenSource, headers: &mut HeaderMap) {
    let token = at_once(source.token()).expect("a token");
    headers.insert(AUTHORIZATION, token.into_authorization());
    black_box(headers);
}

/// Puts a shared header into the headers, without checks. This is the limit.
pub fn by_hand(header: &HeaderValue, headers: &mut HeaderMap) {
    headers.insert(AUTHORIZATION, header.clone());
    black_box(headers);
}

/// Does the same after two clock readings of the standard library.
pub fn by_hand_with_clocks(header: &HeaderValue, headers: &mut HeaderMap) {
    black_box((Instant::now(), SystemTime::now()));
    by_hand(header, headers);
}

/// Returns the result of a future that does not wait.
pub fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut context = Context::from_waker(Waker::noop());
    match pin!(future).poll(&mut context) {
        Poll::Ready(done) => done,
        Poll::Pending => unreachable!("there is nothing to wait for"),
    }
}
