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

/// Returns a lifecycle whose site asked it at the beginning to wait for an hour.
fn throttled() -> TokenLifecycle {
    let mut lifecycle = empty();
    let attempt = elected(lifecycle.step(ANY, after(Duration::ZERO)));
    let running = begin(&mut lifecycle, attempt, Duration::ZERO);
    let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
    let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();
    let response = Response::builder()
        .status(429)
        .header("retry-after", "3600");
    let error = exchange
        .finish(response.body(&[][..]).unwrap())
        .unwrap_err();
    let now = after(Duration::ZERO);
    let _failed = lifecycle.fail(running.attempt, error.into(), now, Jitter::NONE);
    lifecycle
}

#[test]
fn a_backoff_ends_when_either_clock_says_so() {
    let moment = |monotonic, wall| Moment {
        monotonic: after(monotonic).monotonic,
        wall: after(wall).wall,
    };
    for (now, left) in [
        (moment(MINUTE, MINUTE), HOUR - MINUTE),
        (moment(MINUTE, 30 * MINUTE), HOUR - 30 * MINUTE),
        (moment(MINUTE, HOUR - MILLI), MILLI),
        (moment(HOUR - MILLI, MINUTE), MILLI),
    ] {
        let step = throttled().step(ANY, now);
        assert!(
            matches!(step, Step::BackOff { wait, .. } if wait == left),
            "{step:?}"
        );
    }
    for now in [
        moment(MINUTE, HOUR),
        moment(MINUTE, 24 * HOUR),
        moment(HOUR, MINUTE),
        Moment {
            wall: Duration::ZERO,
            ..moment(HOUR, MINUTE)
        },
    ] {
        let attempt = elected(throttled().step(ANY, now));
        assert_eq!(attempt.reason(), RenewalReason::Cold);
    }
}

#[test]
fn a_clock_that_is_set_forward_ends_one_backoff_and_no_lease() {
    let mut lifecycle = throttled();
    let ahead = |passed| Moment {
        monotonic: passed,
        ..after(24 * HOUR + passed)
    };

    let attempt = elected(lifecycle.step(ANY, ahead(MINUTE)));
    let set_again = after(48 * HOUR).wall;
    let joined = lifecycle.step(
        ANY,
        Moment {
            wall: set_again,
            ..ahead(MINUTE)
        },
    );
    assert!(matches!(joined, Step::Join { .. }), "{joined:?}");
    let running = lifecycle.begin(attempt, ahead(MINUTE)).unwrap();
    let _failed = lifecycle.fail(
        running.attempt,
        with_status(429),
        ahead(MINUTE),
        Jitter::NONE,
    );

    let step = lifecycle.step(ANY, ahead(MINUTE + SECOND));
    assert!(
        matches!(step, Step::BackOff { wait, .. } if wait == MINUTE - SECOND),
        "{step:?}"
    );
}
