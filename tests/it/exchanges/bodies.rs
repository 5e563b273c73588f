//! Bodies that are not a token response, and endless ones.

use edx_auth_core::{Defect, ErrorKind, TransportFailure};
use edx_auth_testkit::{Behavior, MockResponse};
use edx_auth_tests::unified::differs;
use http::StatusCode;

use super::{NAME, TOKEN_BODY, exchange_with, token_response};

#[test]
fn a_body_without_a_token_gets_a_specific_error() {
    for (body, kind) in [
        ("<html>Be right back</html>", ErrorKind::Unavailable),
        ("", ErrorKind::Malformed(Defect::Empty)),
        ("access_token=x", ErrorKind::Malformed(Defect::NotJson)),
        ("[]", ErrorKind::Malformed(Defect::WrongShape)),
        ("{}", ErrorKind::Malformed(Defect::TokenMissing)),
    ] {
        let error = exchange_with(MockResponse::json(200, body)).unwrap_err();

        assert_eq!(error.kind(), kind, "{body}");
    }
}

#[test]
fn a_response_that_is_cut_anywhere_brings_no_token() {
    let whole = token_response().to_bytes();
    let head = whole.len() - TOKEN_BODY.len();

    for length in [0, 1, 12, 17, head - 1, head, head + 1, whole.len() - 1] {
        let error = exchange_with(Behavior::cut(whole.clone(), length)).unwrap_err();

        assert_eq!(error.kind(), broke_off(), "{length}: {error}");
        assert!(error.is_retryable());
    }
}

#[test]
fn a_body_may_reach_the_limit_and_not_exceed_it() {
    let padded = |length| {
        MockResponse::json(
            200,
            TOKEN_BODY.to_owned() + &" ".repeat(length - TOKEN_BODY.len()),
        )
    };

    let issued = exchange_with(padded(LIMIT));
    let error = exchange_with(padded(LIMIT + 1)).unwrap_err();

    assert!(issued.is_ok());
    assert_eq!(error.kind(), too_large());
}

#[test]
fn reading_an_endless_body_stops() {
    for head in ENDLESS_HEADS {
        let chunk = format!("1000\r\n{}\r\n", " ".repeat(0x1000));
        let endless = Behavior::endless(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n"), chunk);

        let error = exchange_with(endless).unwrap_err();

        assert_eq!(error.kind(), too_large(), "{head}");
    }
}

#[test]
fn an_endless_page_keeps_the_verdict_of_its_status() {
    let endless = Behavior::endless(
        "HTTP/1.1 404 Not Found\r\n\r\n",
        "<p>Django in debug mode</p>",
    );

    let error = exchange_with(endless).unwrap_err();

    assert_eq!(error.kind(), ErrorKind::WrongUrl);
    assert_eq!(error.status().unwrap(), 404);
}

#[test]
fn a_compressed_body_is_not_decompressed() {
    let bomb = MockResponse::new(200)
        .header("Content-Encoding", "gzip")
        .body(a_megabyte_in_gzip());

    let error = exchange_with(bomb).unwrap_err();

    let unpacked = differs(NAME, "a compressed body is not decompressed");
    let compressed = ErrorKind::Malformed(Defect::Compressed);
    assert_eq!(
        error.kind(),
        if unpacked { too_large() } else { compressed }
    );
}

fn broke_off() -> ErrorKind {
    ErrorKind::Transport(TransportFailure::MaybeSent)
}

fn too_large() -> ErrorKind {
    let status = StatusCode::OK;
    ErrorKind::Transport(TransportFailure::TooLarge { status })
}

/// 2^20 zeros, compressed by `gzip -9`: deflate repeats 258 bytes with two bits.
fn a_megabyte_in_gzip() -> Vec<u8> {
    let head = b"\x1f\x8b\x08\0\0\0\0\0\x02\x03\xed\xc11\x01\0\0\0\xc2\xa0\xf5Om\x08_\xa0";
    let tail = b">\x03\x1c\xea8\xa7\0\0\x10\0";
    [head, &[0; 1016][..], tail].concat()
}

const LIMIT: usize = 64 * 1024;

/// A body without a length, one with an enormous length, and a chunked one.
const ENDLESS_HEADS: [&str; 3] = [
    "Content-Type: application/json",
    "Content-Length: 10000000000",
    "Transfer-Encoding: chunked",
];
