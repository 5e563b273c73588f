//! Heads that are not HTTP cause an error, never a panic, a hang or a second request.

use std::time::Duration;

use edx_auth_core::{ErrorKind, TransportFailure};
use edx_auth_testkit::{Behavior, MockEdx};

use super::{exchange, exchange_with, request_to, token_response};

#[test]
fn a_response_that_is_not_http_is_a_broken_connection() {
    for head in NOT_HTTP {
        let error = exchange_with(Behavior::bytes(*head)).unwrap_err();

        let broke_off = ErrorKind::Transport(TransportFailure::MaybeSent);
        assert_eq!(error.kind(), broke_off, "{head:?}: {error:?}");
    }
}

#[test]
fn reading_an_endless_head_stops() {
    for (head, chunk) in [
        ("HTTP/1.1 200 OK\r\n", "X-Padding: x\r\n"),
        ("HTTP/1.1 200 OK\r\nX-Padding: ", "x"),
        ("", "HTTP/1.1 100 Continue\r\n\r\n"),
        ("HTTP/1.1 200 ", "O"),
    ] {
        let edx = MockEdx::start().unwrap();
        edx.next_request(
            MockEdx::TOKEN_PATH,
            Behavior::endless(head, chunk.repeat(1000)),
        );
        let request = request_to(&edx).deadline(Duration::from_secs(1));

        let error = exchange(&request).unwrap_err();

        assert!(
            matches!(error.kind(), ErrorKind::Transport(_)),
            "{chunk:?}: {error:?}"
        );
    }
}

#[test]
fn a_long_head_is_read() {
    // The longest heads in practice, with a proxy's policies and cookies, are half as long.
    let policy = "default-src 'self'; ".repeat(250);
    let response = (0..3).fold(token_response(), |response, number| {
        response.header(format!("X-Policy-{number}"), &policy)
    });

    assert!(exchange_with(response).is_ok());
}

#[test]
fn a_response_with_any_one_bit_changed_is_a_token_or_an_error() {
    let sound = token_response().to_bytes();

    for place in 0..sound.len() {
        let mut changed = sound.clone();
        changed[place] ^= 1 << (place % 8);

        if let Err(error) = exchange_with(Behavior::bytes(changed)) {
            assert!(!error.advice().is_empty());
        }
    }
}

const NOT_HTTP: &[&str] = &[
    "SSH-2.0-OpenSSH_9.9\r\n",
    "\0\0\0\0",
    "\r\n\r\n",
    "<html></html>",
    "{\"access_token\": \"a.b.c\"}",
    "HTTP/1.1\r\n\r\n",
    "HTTP/1.1 abc OK\r\n\r\n",
    "HTTP/1.1 99 Low\r\n\r\n",
    "HTTP/9.9 200 OK\r\n\r\n",
    "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
    "HTTP/1.1 200 OK\r\nbad name: x\r\n\r\n",
    "HTTP/1.1 200 OK\r\nX: \0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 1e3\r\n\r\n",
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
    "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}",
];
