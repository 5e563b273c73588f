//! The reply as an API's, to one call: what is made of it, and where it leads.

use std::collections::HashSet;
use std::sync::LazyLock;
use std::time::Duration;

use edx_auth_core::{ApiCall, CallStep, Origins, Redirect, Verdict};
use http::header::{CONTENT_TYPE, COOKIE, HOST};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use url::Url;

pub(crate) fn check(reply: &Response<Vec<u8>>) {
    check_verdict(reply);
    for method in [Method::GET, Method::POST] {
        let call = ApiCall::new(method, START, ORIGINS.clone()).expect("a URL inside");
        check_call(&call, reply);
        check_call(&call.once(), reply);
    }
}

/// The URL that every call begins with.
pub(crate) const START: &str = "https://api.edx.org/catalog/v1/catalogs?page=2";

/// Every kind of host, with and without a port.
pub(crate) static ORIGINS: LazyLock<Origins> = LazyLock::new(|| {
    let more = |origins: Origins, origin| origins.allow(origin).expect("an origin");
    ALLOWED.into_iter().fold(Origins::none(), more)
});

/// Whether the reference finds this URL inside, with nobody named in front of its host.
pub(crate) fn is_inside(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    is_anonymous && INSIDE.contains(&url.origin().ascii_serialization())
}

fn check_verdict(reply: &Response<Vec<u8>>) {
    let (status, verdict) = (reply.status(), verdict(reply));
    let is_fine = status.is_success() || status == StatusCode::NOT_MODIFIED;
    assert_eq!(verdict, self::verdict(reply), "read twice");
    assert_eq!(verdict == Verdict::Success, is_fine);
    assert!(verdict != Verdict::TokenRejected || [401, 403].contains(&status.as_u16()));
    assert!(verdict.retry_after().is_none_or(|wait| wait <= HOUR));
    assert!(verdict.retry_after().is_none() || verdict.is_retryable());
}

fn verdict(reply: &Response<Vec<u8>>) -> Verdict {
    Verdict::of(reply.status(), reply.headers(), beginning(reply))
}

fn beginning(reply: &Response<Vec<u8>>) -> &[u8] {
    let body = reply.body();
    body.get(..ApiCall::PEEK).unwrap_or(body)
}

/// A call that meets this reply over and over comes to an end, and to no place outside.
fn check_call(call: &ApiCall, reply: &Response<Vec<u8>>) {
    let (mut call, mut replays, mut redirects) = (call.clone(), 0, 0);
    loop {
        let before = call.clone();
        match call.answered(reply.status(), reply.headers(), beginning(reply)) {
            CallStep::Follow(redirect) => {
                redirects += 1;
                check_redirect(&before, redirect, &call);
                continue;
            }
            CallStep::Replay => replays += 1,
            CallStep::Deliver(verdict) => {
                assert_eq!(verdict, self::verdict(reply));
                assert_eq!(before.url(), call.url());
                break;
            }
        }
        assert_eq!(before.url(), call.url());
    }
    assert!(replays <= 1 && redirects <= 10);
}

fn check_redirect(before: &ApiCall, redirect: Redirect, after: &ApiCall) {
    let urls = [before, after].map(|call| call.url().to_string());
    assert!(is_inside(&urls[1]), "{urls:?}");
    assert!(redirect.keeps_body() == (before.method() == after.method()));

    let one_servers = [COOKIE, HOST];
    let mut headers = HeaderMap::new();
    for name in one_servers.iter().chain(&[CONTENT_TYPE]) {
        headers.insert(name, HeaderValue::from_static("x"));
    }
    redirect.adapt(&mut headers);
    let [from, to] = urls.map(|url| Url::parse(&url).expect("one inside").origin());
    for name in &one_servers {
        assert_eq!(headers.contains_key(name), from == to, "{name}");
    }
    assert_eq!(headers.contains_key(CONTENT_TYPE), redirect.keeps_body());
}

static INSIDE: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let read = |origin| Url::parse(origin).expect("a URL").origin();
    ALLOWED
        .map(|origin| read(origin).ascii_serialization())
        .into()
});

const ALLOWED: [&str; 6] = [
    "https://api.edx.org",
    "https://discovery.edx.org:8443",
    "https://[2001:db8::1]",
    "http://localhost:8000",
    "http://127.0.0.1:8001",
    "http://[::1]",
];

const HOUR: Duration = Duration::from_secs(60 * 60);
