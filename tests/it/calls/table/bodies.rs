//! Bodies arrive complete, whether the client inspects them or not, or end in an error.

use std::time::Duration;

use edx_auth_core::Verdict::{self, Other};
use edx_auth_testkit::{Behavior, MockResponse};
use edx_auth_tests::clients::Ending::Broken;

use crate::calls::action::Outcome::{self, Cut};
use crate::calls::action::{got, success};
use crate::calls::row::{Row, get, row};
use crate::calls::sent::Sent::Issue;
use crate::calls::sent::sent;

pub(super) fn rows() -> Vec<Row> {
    let whole = LENGTHS.into_iter().flat_map(|length| {
        let body = text(length);
        [
            responded(
                format!("{length} bytes of a success"),
                MockResponse::json(200, body.clone()).into(),
                success(200, &body),
            ),
            responded(
                format!("{length} bytes of an error"),
                MockResponse::json(422, body.clone()).into(),
                got(422, Other, &body),
            ),
            responded(
                format!("{length} bytes of an error, in chunks"),
                chunked(422, &body),
                got(422, Other, &body),
            ),
            responded(
                format!("{length} bytes of an error, until the connection closes"),
                until_closed(422, &body),
                got(422, Other, &body),
            ),
        ]
    });
    whole
        .chain(cut())
        .chain([slow(), compressed()])
        .chain(odd())
        .collect()
}

fn cut() -> Vec<Row> {
    let lengths = [0, 1, 100, 8191, 8192, 8193, 19_999];
    let rows = lengths.into_iter().flat_map(|length| {
        [
            responded(
                format!("a success that breaks off after {length} bytes of 20000"),
                broken(200, length),
                Cut(200, None, Broken),
            ),
            responded(
                format!("an error that breaks off after {length} bytes of 20000"),
                broken(422, length),
                Cut(422, Some(Other), Broken),
            ),
        ]
    });
    let in_chunks = [200, 422].map(|status| {
        let whole = chunked_bytes(status, &text(20_000));
        let without_its_end = whole.len() - 5;
        responded(
            format!("chunked, without the last chunk: {status}"),
            Behavior::cut(whole, without_its_end),
            Cut(status, (status == 422).then_some(Other), Broken),
        )
    });
    rows.chain(in_chunks).collect()
}

/// The client reads the first byte of an error long before the last.
fn slow() -> Row {
    let body = r#"{"detail":"Slow."}"#;
    let behavior = Behavior::slow_body(MockResponse::json(500, body), Duration::from_millis(1));
    let unavailable = Verdict::Unavailable { wait: None };
    responded(
        "an error, byte by byte",
        behavior,
        got(500, unavailable, body),
    )
}

/// A body that says it is compressed is not decompressed.
fn compressed() -> Row {
    let body = "\u{1f}not really gzip";
    let behavior = MockResponse::json(200, body).header("Content-Encoding", "gzip");
    responded(
        "a compressed body of an API call",
        behavior.into(),
        success(200, body),
    )
}

/// Responses that both libraries read in the same way.
fn odd() -> [Row; 5] {
    let hints = "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\n".repeat(3);
    let whole = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n[]";
    let chunks = "Transfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n0\r\n\r\n";
    [
        ("hints before the response", hints + whole, "[]"),
        (
            "a response of HTTP/1.0",
            "HTTP/1.0 200 OK\r\n\r\n[]".to_owned(),
            "[]",
        ),
        (
            "two equal lengths",
            whole.replace("\r\n\r\n", "\r\nContent-Length: 2\r\n\r\n"),
            "[]",
        ),
        (
            "a body longer than its length",
            whole.to_owned() + "[]",
            "[]",
        ),
        (
            "chunked, with a length",
            format!("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n{chunks}"),
            "[1]",
        ),
    ]
    .map(|(name, response, body)| responded(name, Behavior::bytes(response), success(200, body)))
}

fn responded(name: impl Into<String>, behavior: Behavior, outcome: Outcome) -> Row {
    row(name)
        .responds([behavior])
        .calls(get(), outcome)
        .sends([Issue, sent("GET", 1)])
}

fn broken(status: u16, length: usize) -> Behavior {
    let whole = MockResponse::json(status, text(20_000)).to_bytes();
    let head = whole.len() - 20_000;
    Behavior::cut(whole, head + length)
}

fn chunked(status: u16, body: &str) -> Behavior {
    Behavior::bytes(chunked_bytes(status, body))
}

fn chunked_bytes(status: u16, body: &str) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} \r\nTransfer-Encoding: chunked\r\n\r\n");
    let chunks = body.as_bytes().chunks(1000).map(|chunk| {
        let length = format!("{:x}\r\n", chunk.len());
        [length.as_bytes(), chunk, b"\r\n"].concat()
    });
    [
        vec![head.into_bytes()],
        chunks.collect(),
        vec![b"0\r\n\r\n".to_vec()],
    ]
    .concat()
    .concat()
}

fn until_closed(status: u16, body: &str) -> Behavior {
    Behavior::bytes(format!(
        "HTTP/1.1 {status} \r\nConnection: close\r\n\r\n{body}"
    ))
}

/// Returns text without repetitions, so that a shift by fewer than 100 000 bytes shows.
fn text(length: usize) -> String {
    let places: Vec<_> = (0..=length / 6)
        .map(|place| format!("{place:05} "))
        .collect();
    let mut text = places.concat();
    text.truncate(length);
    text
}

/// Around the length that the client inspects, and far beyond.
const LENGTHS: [usize; 7] = [1, 8191, 8192, 8193, 16_384, 16_385, 100_000];
