//! A reply of any status is a reply, and says what it means.

use std::time::Duration;

use edx_auth_core::Verdict::{self, NotFound, Other, Redirected};
use edx_auth_testkit::{Behavior, Reply};
use edx_auth_tests::clients::Call;
use http::Method;

use crate::calls::action::{failed, fine, got};
use crate::calls::row::{API, Row, get, row};
use crate::calls::sent::Sent::Mint;
use crate::calls::sent::sent;

pub(super) fn rows() -> Vec<Row> {
    let fine_ones = SUCCESSES.map(|status| {
        row(format!("a success: {status}"))
            .answered([Reply::json(status, r#"{"a":1}"#).into()])
            .calls(get(), fine(status, r#"{"a":1}"#))
            .sends([Mint, sent("GET", 1)])
    });
    let errors = ERRORS.map(|(status, body, verdict)| {
        let reply = Reply::new(status).body(body);
        responded(
            format!("no success: {status} {body}"),
            reply.into(),
            got(status, verdict, body),
        )
    });
    let parts = [
        Vec::from(fine_ones),
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
        .answered([behavior])
        .calls(get(), outcome)
        .sends([Mint, sent("GET", 1)])
}

/// With the two headers that every reply here has.
fn large_heads() -> Vec<Row> {
    let flood = |count: usize, length: usize| {
        let value = "x".repeat(length);
        let header = |reply: Reply, number| reply.header(format!("X-{number}"), value.clone());
        (0..count).fold(Reply::json(200, "{}"), header).into()
    };
    let too_large = || failed("/api/ sent a response with too many or too large headers");
    vec![
        responded("100 headers", flood(98, 1), fine(200, "{}")),
        responded("101 headers", flood(99, 1), too_large()),
        responded("129 headers", flood(127, 1), too_large()),
        responded("headers of 63 KiB", flood(1, 63 << 10), fine(200, "{}")),
        responded("headers of 64 KiB", flood(1, 64 << 10), too_large()),
        responded("headers of 500 KiB", flood(2, 250 << 10), too_large()),
    ]
}

fn waits() -> Vec<Row> {
    let spoken = r#"{"detail":"Request was throttled. Expected available in 57 seconds."}"#;
    let both = r#"{"detail":"Request was throttled. Expected available in 7 seconds."}"#;
    vec![
        responded(
            "throttled, as REST framework says it",
            Reply::throttled(7).into(),
            got(429, throttled(7), both),
        ),
        responded(
            "throttled behind the gateway, which drops the header",
            Reply::json(429, spoken).into(),
            got(429, throttled(57), spoken),
        ),
        responded(
            "throttled, for longer than an hour",
            Reply::json(429, "").header("Retry-After", "86400").into(),
            got(429, throttled(3600), ""),
        ),
        responded(
            "throttled by who does not say for how long",
            Reply::html(429, "<h1>Slow down</h1>").into(),
            got(429, throttled(60), "<h1>Slow down</h1>"),
        ),
        responded(
            "unavailable for so long",
            Reply::html(503, "").header("Retry-After", "7").into(),
            got(503, unavailable(Some(7)), ""),
        ),
    ]
}

fn without_bodies() -> Vec<Row> {
    vec![
        responded("no content", Reply::new(204).into(), fine(204, "")),
        responded("nothing new", Reply::new(304).into(), fine(304, "")),
        responded(
            "nothing there, and nothing said",
            Reply::new(404).into(),
            got(404, NotFound, ""),
        ),
        head(
            "a head of a success",
            Reply::json(200, "[1]"),
            fine(200, ""),
        ),
        head(
            "a head of an error",
            Reply::json(404, "[1]"),
            got(404, NotFound, ""),
        ),
        head(
            "a head of a long error",
            Reply::json(500, "x".repeat(100_000)),
            got(500, unavailable(None), ""),
        ),
    ]
}

fn head(name: &str, reply: Reply, outcome: crate::calls::action::Outcome) -> Row {
    row(name)
        .answered([reply.into()])
        .calls(Call::new(Method::HEAD, API), outcome)
        .sends([Mint, sent("HEAD", 1)])
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

const ERRORS: [(u16, &str, Verdict); 22] = [
    (300, "[]", Redirected),
    (305, "", Redirected),
    (400, r#"{"name":["This field is required."]}"#, Other),
    (400, "<html>Bad Gateway</html>", unavailable(None)),
    (402, "{}", Other),
    (404, r#"{"detail":"Not found."}"#, NotFound),
    (405, "{}", Other),
    (406, "{}", Other),
    (407, "{}", Other),
    (408, "{}", unavailable(None)),
    (409, "{}", Other),
    (410, "<h1>Gone</h1>", NotFound),
    (411, "{}", Other),
    (413, "{}", Other),
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
    (599, "{}", unavailable(None)),
];
