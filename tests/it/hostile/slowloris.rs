//! Servers that send one byte at a time, so that no single read waits for long.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use edx_auth_core::{ErrorKind, TransportFailure};
use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use edx_auth_tests::drivers::HttpStack;

use super::{ask, hasty_setup, kind, over_every_stack};

#[test]
fn fifty_slow_heads_end_at_the_deadline() {
    let head = format!("HTTP/1.1 200 OK\r\nX-Padding: {:4000}\r\n\r\n", "");
    fifty_end_at_the_deadline(&Behavior::slow_body(head, Duration::from_millis(50)));
}

#[test]
fn fifty_slow_bodies_end_at_the_deadline() {
    let body = format!("{TOKEN}{:60000}", "");
    fifty_end_at_the_deadline(&Behavior::slow_body(
        MockResponse::json(200, body),
        Duration::from_millis(1),
    ));
}

/// Checks that fifty token requests end at their deadlines, ten of them at a time. Requests that a busy
/// machine did not send before their deadline are not counted.
fn fifty_end_at_the_deadline(behavior: &Behavior) {
    let behavior = behavior.clone();
    over_every_stack(move |stack| {
        let edx = MockEdx::start().unwrap();
        edx.on("POST", MockEdx::TOKEN_PATH, behavior.clone());
        let timed_out = AtomicUsize::new(0);
        thread::scope(|scope| {
            for _ in 0..10 {
                scope.spawn(|| {
                    while edx.requests().len() < 50 {
                        let late = ends_at_the_deadline(stack, &edx);
                        timed_out.fetch_add(usize::from(late), Ordering::Relaxed);
                    }
                });
            }
        });
        let timed_out = timed_out.into_inner();
        assert!(
            timed_out >= edx.requests().len(),
            "{} {timed_out}",
            stack.name
        );
    });
}

/// Returns whether the request was sent.
fn ends_at_the_deadline(stack: HttpStack, edx: &MockEdx) -> bool {
    let error = ask(stack, hasty_setup(edx)).unwrap_err();

    assert!(error.is_retryable(), "{}", stack.name);
    match kind(&error) {
        ErrorKind::Transport(TransportFailure::TimedOut) => true,
        ErrorKind::Transport(TransportFailure::NotSent) => false,
        other => panic!("{} {other:?}", stack.name),
    }
}

const TOKEN: &str = r#"{"access_token": "e30.e30.c2ln", "expires_in": 3600, "token_type": "JWT"}"#;
