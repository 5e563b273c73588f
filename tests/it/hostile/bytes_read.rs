//! Endless bodies: how many bytes a server can send before the client closes the connection.

use edx_auth_core::{ErrorKind, TransportFailure};
use edx_auth_testkit::{Behavior, MockEdx};
use edx_auth_tests::timeout::TIMEOUT;
use http::StatusCode;

use super::{ask, kind, over_every_stack, setup};

#[test]
fn an_endless_body_is_read_little_beyond_the_limit() {
    over_every_stack(|stack| {
        for head in HEADS {
            let edx = MockEdx::start().unwrap();
            let chunk = format!("1000\r\n{:4096}\r\n", "");
            let head_and_end = format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n");
            let endless = Behavior::endless(head_and_end, chunk);
            let handle = edx.next_request(MockEdx::TOKEN_PATH, endless);

            let error = ask(stack, setup(&edx)).unwrap_err();

            let case = format!("{} {head}", stack.name);
            let status = StatusCode::OK;
            let too_large = ErrorKind::Transport(TransportFailure::TooLarge { status });
            assert_eq!(kind(&error), too_large, "{case}");
            assert!(handle.ends_within(TIMEOUT), "{case}");
            let taken = handle.bytes_sent();
            assert!(taken < LIMIT + HELD_BY_THE_SYSTEM, "{case}: {taken} bytes");
            assert_eq!(edx.requests().len(), 1, "{case}");
        }
    });
}

const HEADS: [&str; 3] = [
    "Content-Type: application/json",
    "Content-Length: 10000000000",
    "Transfer-Encoding: chunked",
];

const LIMIT: u64 = 64 * 1024;

/// The most that both sockets' buffers hold if the reader has stopped.
const HELD_BY_THE_SYSTEM: u64 = 16 * 1024 * 1024;
