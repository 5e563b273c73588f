//! Backoffs after failed attempts.

use http::Response;

use super::*;
use crate::exchange::{ClientCredentials, TokenEndpoint, TokenRequest};

/// Returns the error of a token request whose response has this status.
fn with_status(status: u16) -> RenewalError {
    let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
    let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();
    let response = Response::builder().status(status).body(&[][..]).unwrap();
    exchange.finish(response).unwrap_err().into()
}

/// Returns the backoffs of failures in a row, each as soon as the one before has ended.
fn backoffs(lifecycle: &mut TokenLifecycle, status: u16, jitter: Jitter) -> [Duration; 3] {
    let mut now = after(Duration::ZERO);
    [(); 3].map(|()| {
        let attempt = elected(lifecycle.step(ANY, now));
        let running = lifecycle.begin(attempt, now).unwrap();
        let event = lifecycle.fail(running.attempt, with_status(status), now, jitter);
        let Event::Failed { backoff, .. } = event else {
            panic!("it is the elected one: {event:?}");
        };
        now.monotonic += backoff;
        now.wall += backoff;
        backoff
    })
}

#[test]
fn each_class_of_failure_has_its_own_backoffs() {
    for (status, first, second, third) in [(503, 1, 2, 4), (429, 60, 60, 60), (401, 30, 60, 120)] {
        let mut lifecycle = empty();

        let backoffs = backoffs(&mut lifecycle, status, Jitter::NONE);

        let expected = [first, second, third].map(Duration::from_secs);
        assert_eq!(backoffs, expected, "{status}");
    }
}

#[test]
fn jitter_adds_up_to_a_quarter() {
    let mut lifecycle = empty();

    let backoffs = backoffs(&mut lifecycle, 503, Jitter::FULL);

    assert_eq!(backoffs, [1250 * MILLI, 2500 * MILLI, 5000 * MILLI]);
}

#[test]
fn new_credentials_start_with_the_first_backoff_again() {
    let mut lifecycle = empty();
    let _old = backoffs(&mut lifecycle, 401, Jitter::NONE);

    lifecycle.change_credentials(after(Duration::ZERO));

    let new = backoffs(&mut lifecycle, 401, Jitter::NONE);
    assert_eq!(new, [30 * SECOND, 60 * SECOND, 120 * SECOND]);
}

#[test]
fn no_caller_is_elected_before_a_backoff_ends() {
    let mut lifecycle = empty();
    let attempt = elected(lifecycle.step(ANY, after(Duration::ZERO)));
    let running = begin(&mut lifecycle, attempt, Duration::ZERO);
    let (error, now) = (with_status(503), after(Duration::ZERO));
    let _failed = lifecycle.fail(running.attempt, error, now, Jitter::NONE);

    let early = lifecycle.step(ANY, after(SECOND - MILLI));
    assert!(matches!(early, Step::BackOff { wait, .. } if wait == MILLI));
    let attempt = elected(lifecycle.step(ANY, after(SECOND)));
    assert_eq!(attempt.reason(), RenewalReason::Cold);
}
