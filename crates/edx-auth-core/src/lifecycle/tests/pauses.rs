//! Pauses after attempts that brought nothing.

use http::Response;

use super::*;
use crate::exchange::{ClientCredentials, TokenEndpoint, TokenRequest};

/// What an exchange with a reply of this status leaves behind.
fn answered(status: u16) -> RenewalError {
    let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
    let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();
    let reply = Response::builder().status(status).body(&[][..]).unwrap();
    exchange.finish(reply).unwrap_err().into()
}

/// The pauses that failures in a row bring, each as soon as the one before is over.
fn pauses(lifecycle: &mut TokenLifecycle, status: u16, jitter: Jitter) -> [Duration; 3] {
    let mut now = after(Duration::ZERO);
    [(); 3].map(|()| {
        let attempt = elected(lifecycle.step(now));
        let event = lifecycle.settle(attempt, Err(answered(status)), now, jitter);
        let Event::Failed { pause, .. } = event else {
            panic!("it is the elected one: {event:?}");
        };
        now.monotonic += pause;
        now.wall += pause;
        pause
    })
}

#[test]
fn each_kind_of_trouble_has_its_own_pauses() {
    for (status, first, second, third) in [(503, 1, 2, 4), (429, 60, 60, 60), (401, 30, 60, 120)] {
        let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);

        let pauses = pauses(&mut lifecycle, status, Jitter::NONE);

        let expected = [first, second, third].map(Duration::from_secs);
        assert_eq!(pauses, expected, "{status}");
    }
}

#[test]
fn chance_adds_up_to_a_quarter() {
    let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);

    let pauses = pauses(&mut lifecycle, 503, Jitter::FULL);

    assert_eq!(pauses, [1250 * MILLI, 2500 * MILLI, 5000 * MILLI]);
}

#[test]
fn new_credentials_begin_with_the_first_pause_again() {
    let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);
    let _old = pauses(&mut lifecycle, 401, Jitter::NONE);

    let _owed = lifecycle.renew_now(RenewalReason::NewCredentials, after(Duration::ZERO));

    let new = pauses(&mut lifecycle, 401, Jitter::NONE);
    assert_eq!(new, [30 * SECOND, 60 * SECOND, 120 * SECOND]);
}

#[test]
fn nobody_asks_before_a_pause_is_over() {
    let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);
    let attempt = elected(lifecycle.step(after(Duration::ZERO)));
    let result = Err(answered(503));
    let _failed = lifecycle.settle(attempt, result, after(Duration::ZERO), Jitter::NONE);

    let early = lifecycle.step(after(SECOND - MILLI));
    assert!(matches!(early, Step::Pause { wait, .. } if wait == MILLI));
    let attempt = elected(lifecycle.step(after(SECOND)));
    assert_eq!(attempt.reason(), RenewalReason::Cold);
}
