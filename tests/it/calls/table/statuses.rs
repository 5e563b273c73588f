//! A response of any status is returned, with its verdict.

use std::time::Duration;

use edx_auth_core::Verdict::{
    self, NetworkLogin, NotFound, Other, ProxyLogin, Redirected, TooLarge,
};
use edx_auth_testkit::{Behavior, MockResponse};
use edx_auth_tests::clients::Call;
use http::Method;

use crate::calls::action::{failed, got, success};
use crate::calls::row::{API, Row, get, row};
use crate::calls::sent::Sent::Issue;
use crate::calls::sent::sent;

pub(super) fn rows() -> Vec<Row> {
    let successes = SUCCESSES.map(|status| {
        row(format!("a success: {status}"))
            .responds([MockResponse::json(status, r#"{"a":1}"#).into()])
            .calls(get(), success(status, r#"{"a":1}"#))
            .sends([Issue, sent("GET", 1)])
    });
    let errors = ERRORS.map(|(status, body, verdict)| {
        let response = MockResponse::new(status).body(body);
        responded(
            format!("an error: {status} {body}"),
            response.into(),
            got(status, verdict, body),
        )
    });
    let parts = [
        Vec::from(successes),
        Vec::from(errors),
        waits(),
        without_bodies(),
        large_heads(),
    ];
    parts.into_iter().flatten().collect()
}

fn responded(
    name: impl Into<String>,
    behavior: Behavior,
    outcome: crate::calls::action::Outcome,
) -> Row {
    row(name)
        .responds([behavior])
        .calls(get(), outcome)
        .sends([Issue, sent("GET", 1)])
}

/// Returns rows with many or large headers. Each response has two more: its type and its length.
fn large_heads() -> Vec<Row> {
    let flood = |count: usize, length: usize| {
        let value = "x".repeat(length);
        let header =
            |response: MockResponse, number| response.header(format!("X-{number}"), value.clone());
        (0..count)
            .fold(MockResponse::json(200, "{}"), header)
            .into()
    };
    let too_large = || failed("/api/ sent a response with too many or too large headers");
    vec![
        responded("100 headers", flood(98, 1), success(200, "{}")),
        responded("101 headers", flood(99, 1), too_large()),
        responded("129 headers", flood(127, 1), too_large()),
        responded("headers of 63 KiB", flood(1, 63 << 10), success(200, "{}")),
        responded("headers of 64 KiB", flood(1, 64 << 10), too_large()),
        responded("headers of 500 KiB", flood(2, 250 << 10), too_large()),
    ]
}

fn waits() -> Vec<Row> {
    let spoken = r#"{"detail":"Request was throttled. Expected available in 57 seconds."}"#;
    let both = r#"{"detail":"Request was throttled. Expected available in 7 seconds."}"#;
    vec![
        responded(
            "throttled, by Django REST framework",
            MockResponse::throttled(7).into(),
            got(429, throttled(7), both),
        ),
        responded(
            "throttled behind the gateway, which drops the header",
            MockResponse::json(429, spoken).into(),
            got(429, throttled(57), spoken),
        ),
        responded(
            "throttled, for longer than an hour",
            MockResponse::json(429, "")
                .header("Retry-After", "86400")
                .into(),
            got(429, throttled(3600), ""),
        ),
        responded(
            "throttled without a wait",
            MockResponse::html(429, "<h1>Slow down</h1>").into(),
            got(429, throttled(60), "<h1>Slow down</h1>"),
        ),
        responded(
            "unavailable with a wait",
            MockResponse::html(503, "")
                .header("Retry-After", "7")
                .into(),
            got(503, unavailable(Some(7)), ""),
        ),
    ]
}

fn without_bodies() -> Vec<Row> {
    vec![
        responded(
            "no content",
            MockResponse::new(204).into(),
            success(204, ""),
        ),
        responded(
            "not modified",
            MockResponse::new(304).into(),
            success(304, ""),
        ),
        responded(
            "not found, without a body",
            MockResponse::new(404).into(),
            got(404, NotFound, ""),
        ),
        head(
            "HEAD, a success",
            MockResponse::json(200, "[1]"),
            success(200, ""),
        ),
        head(
            "HEAD, an error",
            MockResponse::json(404, "[1]"),
            got(404, NotFound, ""),
        ),
        head(
            "HEAD, a long error",
            MockResponse::json(500, "x".repeat(100_000)),
            got(500, unavailable(None), ""),
        ),
    ]
}

fn head(name: &str, response: MockResponse, outcome: crate::calls::action::Outcome) -> Row {
    row(name)
        .responds([response.into()])
        .calls(Call::new(Method::HEAD, API), outcome)
        .sends([Issue, sent("HEAD", 1)])
}

const fn throttled(seconds: u64) -> Verdict {
    Verdict::Throttled {
        wait: Duration::from_secs(seconds),
    }
}

const fn unavailable(seconds: Option<u64>) -> Verdict {
    Verdict::Unavailable {
        wait: match seconds {
            Some(seconds) => Some(Duration::from_secs(seconds)),
            None => None,
        },
    }
}

const SUCCESSES: [u16; 5] = [200, 201, 202, 203, 299];

const ERRORS: [(u16, &str, Verdict); 23] = [
    (300, "[]", Redirected),
    (305, "", Redirected),
    (400, r#"{"name":["This field is required."]}"#, Other),
    (400, "<html>Bad Gateway</html>", unavailable(None)),
    (402, "{}", Other),
    (404, r#"{"detail":"Not found."}"#, NotFound),
    (405, "{}", Other),
    (406, "{}", Other),
    (407, "{}", ProxyLogin),
    (408, "{}", unavailable(None)),
    (409, "{}", Other),
    (410, "<h1>Gone</h1>", NotFound),
    (411, "{}", Other),
    (413, "{}", TooLarge),
    (422, "{}", Other),
    (425, "{}", unavailable(None)),
    (451, "{}", Other),
    (500, "<h1>Server Error</h1>", unavailable(None)),
    (502, "{}", unavailable(None)),
    (503, r#"{"message":null}"#, unavailable(None)),
    (
        504,
        r#"{"message":"Endpoint request timed out"}"#,
        unavailable(None),
    ),
    (511, "<h1>Log in</h1>", NetworkLogin),
    (599, "{}", unavailable(None)),
];
