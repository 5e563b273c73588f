//! The response as the response to an API call: the verdict, and the next request.

use std::collections::HashSet;
use std::sync::LazyLock;
use std::time::Duration;

use edx_auth_core::{
    ApiCall, CallBody, CallStep, Jitter, Moment, Origins, RenewalPolicy, TokenAgent, Verdict, Work,
};
use http::header::{CONTENT_TYPE, COOKIE, HOST};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use url::Url;

use crate::canary;

pub(crate) fn check(response: &Response<Vec<u8>>) {
    check_verdict(response);
    for method in [Method::GET, Method::POST] {
        let call = ApiCall::new(method, START, ORIGINS.clone()).expect("a URL inside");
        let call = call.headers(headers());
        check_call(&call, response);
        check_call(&call.body(CallBody::Once), response);
    }
}

/// The URL of every call.
pub(crate) const START: &str = "https://api.edx.org/catalog/v1/catalogs?page=2";

/// The origins of every call: with every kind of host, with and without a port.
pub(crate) static ORIGINS: LazyLock<Origins> = LazyLock::new(|| {
    let more = |origins: Origins, origin| origins.allow(origin).expect("an origin");
    ALLOWED.into_iter().fold(Origins::none(), more)
});

/// Returns whether the `url` crate finds this URL inside the origins, without a user name.
pub(crate) fn is_inside(url: &str) -> bool {
    let Ok(url) = Url::parse(url) else {
        return false;
    };
    let is_anonymous = url.username().is_empty() && url.password().is_none();
    is_anonymous && INSIDE.contains(&url.origin().ascii_serialization())
}

fn check_verdict(response: &Response<Vec<u8>>) {
    let (status, verdict) = (response.status(), verdict(response));
    let is_fine = status.is_success() || status == StatusCode::NOT_MODIFIED;
    assert_eq!(verdict, self::verdict(response), "read twice");
    assert_eq!(verdict == Verdict::Success, is_fine);
    assert!(verdict != Verdict::TokenRejected || [401, 403].contains(&status.as_u16()));
    assert!(verdict.retry_after().is_none_or(|wait| wait <= HOUR));
    assert!(verdict.retry_after().is_none() || verdict.is_retryable());
}

fn verdict(response: &Response<Vec<u8>>) -> Verdict {
    Verdict::of(response.status(), response.headers(), beginning(response))
}

fn beginning(response: &Response<Vec<u8>>) -> &[u8] {
    let body = response.body();
    body.get(..ApiCall::PEEK).unwrap_or(body)
}

/// Checks that a call that always gets this response ends, and stays inside the origins.
fn check_call(call: &ApiCall, response: &Response<Vec<u8>>) {
    let mut agent = TokenAgent::new(canary::REQUEST.clone(), RenewalPolicy::DEFAULT);
    let (mut call, mut now) = (call.clone(), Moment::default());
    let mut sent: Vec<Request<()>> = Vec::new();
    loop {
        match call.poll(&mut agent, now) {
            CallStep::Send(request) => {
                let request = request.with_body(());
                check_request(&request, sent.last());
                sent.push(request);
                call.on_response(response.status(), response.headers(), beginning(response));
            }
            CallStep::Wait(wait) => {
                issue_token(&mut agent, now);
                now.monotonic += wait;
                now.wall += wait;
            }
            CallStep::Deliver { verdict, .. } => {
                assert_eq!(verdict, self::verdict(response));
                break;
            }
            CallStep::Fail(error) => panic!("{error}"),
        }
    }
    // The first request, a replay, and ten redirects.
    assert!((1..=12).contains(&sent.len()));
}

fn check_request(request: &Request<()>, last: Option<&Request<()>>) {
    assert!(is_inside(&request.uri().to_string()), "{}", request.uri());
    let Some(last) = last else { return };
    let origin = |request: &Request<()>| {
        let url = Url::parse(&request.uri().to_string());
        url.expect("one inside").origin()
    };
    let is_same_origin = origin(request) == origin(last);
    for name in [COOKIE, HOST] {
        let had = last.headers().contains_key(&name);
        assert_eq!(request.headers().contains_key(&name), had && is_same_origin);
    }
    let keeps_body = last.headers().contains_key(CONTENT_TYPE) && request.method() == last.method();
    assert_eq!(request.headers().contains_key(CONTENT_TYPE), keeps_body);
}

fn issue_token(agent: &mut TokenAgent, now: Moment) {
    let body = br#"{"access_token": "a.b.c", "expires_in": 3600, "token_type": "JWT"}"#;
    while let Some(Work::Exchange(ticket, _)) = agent.poll_work(now) {
        let _event = agent.on_response(ticket, Response::new(&body[..]), now, Jitter::NONE);
    }
}

fn headers() -> HeaderMap {
    let names = [COOKIE, HOST, CONTENT_TYPE];
    names
        .map(|name| (name, HeaderValue::from_static("x")))
        .into_iter()
        .collect()
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
