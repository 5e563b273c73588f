//! A site that throttles without `Retry-After`: Open edX responds with an HTML page.

use std::time::Duration;

use edx_auth_core::ErrorKind;
use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::drivers::{DRIVERS, Setup};
use edx_auth_tests::timeout::within_timeout;

use super::{kind, over_every_stack};

#[test]
fn a_429_without_retry_after_causes_a_backoff_of_a_minute() {
    over_every_stack(|stack| {
        let edx = site();

        let pauses = within_timeout(move || {
            let source = (stack.new_source)(setup(&edx));
            let asked = (0..100).map(|_| source.token().unwrap_err());
            let pauses = asked.map(|error| {
                assert_eq!(kind(&error), ErrorKind::Throttled, "{}", stack.name);
                error.retry_after().unwrap()
            });
            let pauses: Vec<_> = pauses.collect();
            assert_eq!(edx.token_requests(), 1, "{}", stack.name);
            pauses
        });

        // Measured from the rest of the first backoff, which only gets shorter.
        assert!(pauses[0] + SOME_WORK > MINUTE, "{} {pauses:?}", stack.name);
        assert!(pauses[0] <= MINUTE + MINUTE / 4, "{}", stack.name);
        assert!(pauses.is_sorted_by(|a, b| a >= b), "{}", stack.name);
    });
}

/// Otherwise all programs would retry at the same moment and be throttled again.
#[test]
fn programs_that_were_throttled_together_do_not_retry_together() {
    for stack in DRIVERS {
        if !["ureq", "reqwest"].contains(&stack.name) {
            continue;
        }
        let edx = site();
        let first_pause = |_| {
            let setup = setup(&edx);
            let error = within_timeout(move || (stack.new_source)(setup).token().unwrap_err());
            error.retry_after().unwrap()
        };
        let pauses: Vec<_> = (0..20).map(first_pause).collect();

        let (least, most) = (pauses.iter().min(), pauses.iter().max());
        let difference = most.unwrap().saturating_sub(*least.unwrap());
        assert!(
            difference > Duration::from_secs(2),
            "{}: {pauses:?}",
            stack.name
        );
    }
}

fn site() -> MockEdx {
    let edx = MockEdx::start().unwrap();
    let limited = MockResponse::html(429, "<h1>Too many requests</h1>");
    edx.on("POST", MockEdx::TOKEN_PATH, limited);
    edx
}

fn setup(edx: &MockEdx) -> Setup {
    Setup::new(&edx.token_url(), edx.client_id(), edx.client_secret())
}

const MINUTE: Duration = Duration::from_secs(60);

/// The time that may pass on a busy machine before the first caller asks.
const SOME_WORK: Duration = Duration::from_secs(20);
