//! Random calls, and what random servers do to them.

use core::ops::Range;
use core::time::Duration;
use std::vec;
use std::vec::Vec;

use http::header::{
    ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HOST, HeaderName,
    IF_NONE_MATCH, PROXY_AUTHORIZATION,
};
use http::{HeaderMap, HeaderValue, Method};
use proptest::collection;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};

use crate::call::CallBody;
use crate::error::TransportFailure;

/// One call, and what is done to it.
#[derive(Clone, Debug)]
pub(super) struct Script {
    pub(super) method: Method,
    pub(super) body: CallBody,
    pub(super) headers: HeaderMap,
    pub(super) timeout: Duration,
    /// Whether the agent has a fixed token, which is never renewed.
    pub(super) is_fixed: bool,
    pub(super) turns: Vec<Turn>,
}

/// What happens after one poll.
#[derive(Clone, Debug)]
pub(super) struct Turn {
    /// The response, if the poll returns a request.
    pub(super) response: ServerResponse,
    /// How long the response takes.
    pub(super) latency: Duration,
    /// Whether the call is polled once more before the response arrives.
    pub(super) is_polled_early: bool,
    /// How many eighths of a wait pass before the next poll, if the poll returns a wait.
    pub(super) eighths: u32,
    /// What the worker does during a wait.
    pub(super) work: Option<Work>,
    /// Whether another caller reports the token as rejected.
    pub(super) is_rejected_elsewhere: bool,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum ServerResponse {
    /// A redirect of this status to the location with this index in [`LOCATIONS`].
    Redirect(u16, usize),
    Status(u16),
    /// A 403 that says `Invalid token.`, as Django REST framework does.
    InvalidToken,
    /// A 401 whose challenge does not ask for a token.
    OtherChallenge,
    Failure(TransportFailure),
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Work {
    Issue { life: u64 },
    Fail,
    Deny,
}

/// Where servers redirect to: the first four are inside the origins.
pub(super) const LOCATIONS: [&str; 15] = [
    "/elsewhere/",
    "?page=2",
    "https://courses.edx.org/b/",
    "https://API.edx.org:443/c/",
    "https://evil.example/",
    "//evil.example/x",
    "http://api.edx.org:8000/",
    "https://api.edx.org@evil.example/",
    "https://user:pass@api.edx.org/",
    "https://api.edx.org:444/",
    "https://api.edx.org.evil.example/",
    "\\\\evil.example\\x",
    "javascript:alert(1)",
    "",
    "http://api.edx.org:80/d/",
];

pub(super) fn scripts() -> impl Strategy<Value = Script> {
    let method = select(vec![
        Method::GET,
        Method::HEAD,
        Method::POST,
        Method::PUT,
        Method::DELETE,
    ]);
    let body = select(vec![CallBody::Empty, CallBody::Repeatable, CallBody::Once]);
    let turns = prop_oneof![
        4 => collection::vec(turn(response().boxed(), 0..10), 1..30),
        1 => collection::vec(turn(endless_redirects().boxed(), 8..9), 10..30),
        1 => collection::vec(turn(Just(ServerResponse::Status(401)).boxed(), 8..9), 4..30),
    ];
    (
        method,
        body,
        headers(),
        timeout(),
        prop::bool::weighted(0.1),
        turns,
    )
        .prop_map(|(method, body, headers, timeout, is_fixed, turns)| Script {
            method,
            body,
            headers,
            timeout,
            is_fixed,
            turns,
        })
}

fn turn(
    response: BoxedStrategy<ServerResponse>,
    eighths: Range<u32>,
) -> impl Strategy<Value = Turn> {
    let work = prop_oneof![
        4 => (5..4000_u64).prop_map(|life| Work::Issue { life }),
        1 => Just(Work::Fail),
        1 => Just(Work::Deny),
    ];
    let work = prop::option::weighted(0.7, work);
    let (early, elsewhere) = (prop::bool::weighted(0.2), prop::bool::weighted(0.1));
    (response, latency(), early, eighths, work, elsewhere).prop_map(
        |(response, latency, is_polled_early, eighths, work, is_rejected_elsewhere)| Turn {
            response,
            latency,
            is_polled_early,
            eighths,
            work,
            is_rejected_elsewhere,
        },
    )
}

fn response() -> impl Strategy<Value = ServerResponse> {
    let redirect = (
        select(vec![301, 302, 303, 307, 308, 300_u16]),
        0..LOCATIONS.len(),
    );
    prop_oneof![
        6 => redirect.prop_map(|(status, to)| ServerResponse::Redirect(status, to)),
        3 => select(vec![200_u16, 204, 304, 404, 429, 503]).prop_map(ServerResponse::Status),
        6 => Just(ServerResponse::Status(401)),
        2 => Just(ServerResponse::InvalidToken),
        1 => Just(ServerResponse::OtherChallenge),
        4 => failure().prop_map(ServerResponse::Failure),
    ]
}

fn endless_redirects() -> impl Strategy<Value = ServerResponse> {
    (select(vec![307_u16, 308]), 0..4_usize)
        .prop_map(|(status, to)| ServerResponse::Redirect(status, to))
}

fn failure() -> impl Strategy<Value = TransportFailure> {
    prop_oneof![
        4 => Just(TransportFailure::MaybeSent),
        1 => Just(TransportFailure::NotSent),
        1 => Just(TransportFailure::NotTrusted),
        1 => Just(TransportFailure::TimedOut),
    ]
}

fn headers() -> impl Strategy<Value = HeaderMap> {
    let headers: Vec<(HeaderName, &'static str)> = vec![
        (HeaderName::from_static("x-request-id"), "7"),
        (HeaderName::from_static("x-tag"), "one"),
        (HeaderName::from_static("x-tag"), "two"),
        (ACCEPT_LANGUAGE, "fr"),
        (AUTHORIZATION, "Basic YTpi"),
        (CONTENT_LENGTH, "5"),
        (CONTENT_TYPE, "text/csv"),
        (COOKIE, "sessionid=1"),
        (HOST, "api.edx.org"),
        (IF_NONE_MATCH, "\"etag\""),
        (PROXY_AUTHORIZATION, "Basic cHJveHk6"),
    ];
    let most = headers.len();
    subsequence(headers, 0..=most).prop_map(|headers| {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(name, HeaderValue::from_static(value));
        }
        map
    })
}

fn timeout() -> impl Strategy<Value = Duration> {
    prop_oneof![1 => 0..1000_u64, 6 => 0..200_000_u64].prop_map(Duration::from_millis)
}

fn latency() -> impl Strategy<Value = Duration> {
    prop_oneof![4 => 0..500_u64, 2 => 0..20_000_u64].prop_map(Duration::from_millis)
}
