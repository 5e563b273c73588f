//! The deadline holds for the whole exchange, even if the server sends one byte at a time.

use std::time::Duration;

use edx_auth_core::{ErrorKind, TransportFailure};
use edx_auth_testkit::{Behavior, MockEdx, MockResponse};

use super::{TOKEN_BODY, exchange, request_to};

#[test]
fn a_slow_server_is_abandoned_at_the_deadline() {
    for (case, behavior) in [
        ("nothing", Behavior::stall()),
        ("half a line", Behavior::endless("HTTP/1.", "")),
        ("half a head", Behavior::endless("HTTP/1.1 200 OK\r\n", "")),
        ("a head alone", Behavior::endless(HEAD, "")),
        (
            "a head, byte by byte",
            Behavior::slow_body(HEAD, Duration::from_millis(50)),
        ),
        (
            "a body, byte by byte",
            Behavior::slow_body(long_response(), Duration::from_millis(1)),
        ),
    ] {
        let edx = MockEdx::start().unwrap();
        edx.next_request(MockEdx::TOKEN_PATH, behavior);
        let request = request_to(&edx).deadline(Duration::from_secs(1));

        let error = exchange(&request).unwrap_err();

        let timed_out = ErrorKind::Transport(TransportFailure::TimedOut);
        assert_eq!(error.kind(), timed_out, "{case}");
        assert!(error.is_retryable(), "{case}");
        // On a busy machine the request may not have arrived before the deadline.
        assert!(edx.requests().len() <= 1, "{case}");
    }
}

/// A response that takes some seconds at one byte per millisecond.
fn long_response() -> MockResponse {
    MockResponse::json(200, TOKEN_BODY.to_owned() + &" ".repeat(20_000))
}

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Length: 80\r\n\r\n";
