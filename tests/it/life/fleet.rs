//! A thousand programs of one kind, and one site that fails: how many token requests they send
//! together.

use std::collections::BTreeMap;
use std::time::Duration;

use edx_auth_core::{Jitter, Need};
use edx_auth_testkit::{MockResponse, Timeline};
use proptest::prelude::RngCore as _;
use proptest::test_runner::{RngAlgorithm, TestRng};

#[test]
fn a_thousand_programs_send_a_failing_site_at_most_one_request_per_backoff() {
    let requests = requests_of_a_thousand(&MockResponse::html(503, "<h1>Sorry</h1>"));

    let by_minute = counted(&requests, MINUTE);
    // 1, 2, 4, 8, 16 and 32 s, each plus up to a quarter, and then one a minute.
    assert!(by_minute[&0] <= 7 * PROGRAMS, "{by_minute:?}");
    let later = by_minute.range(2..).map(|(_, requests)| *requests);
    assert!(
        later.max().unwrap() <= PROGRAMS + PROGRAMS / 10,
        "{by_minute:?}"
    );
    let total: usize = by_minute.values().sum();
    assert!(total <= 15 * PROGRAMS, "{total}");
}

#[test]
fn a_thousand_desynchronized_programs_stay_desynchronized() {
    let requests = requests_of_a_thousand(&MockResponse::html(503, "<h1>Sorry</h1>"));

    // In the first seconds all come at once; after six backoffs jitter has separated them.
    let by_second = counted(&requests, SECOND);
    let crowd = by_second.range(60..).map(|(_, requests)| *requests).max();
    assert!(crowd.unwrap() <= PROGRAMS / 5, "{crowd:?} in one second");
}

#[test]
fn a_thousand_throttled_programs_send_one_request_a_minute_and_not_together() {
    let requests = requests_of_a_thousand(&MockResponse::html(429, "<h1>Too many</h1>"));

    let by_minute = counted(&requests, MINUTE);
    assert_eq!(by_minute[&0], PROGRAMS);
    assert!(
        by_minute.values().all(|requests| *requests <= PROGRAMS),
        "{by_minute:?}"
    );
    let by_second = counted(&requests, SECOND);
    let crowd = by_second.range(1..).map(|(_, requests)| *requests).max();
    assert!(crowd.unwrap() <= PROGRAMS / 8, "{crowd:?} in one second");
}

/// Returns when each program sent a token request in ten minutes of failures. Every program has a
/// caller each second that does not wait.
fn requests_of_a_thousand(trouble: &MockResponse) -> Vec<Duration> {
    let mut chance = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let mut requests = Vec::new();
    for _ in 0..PROGRAMS {
        let mut program = Timeline::new();
        program.set_response(trouble.clone());
        while program.now().monotonic < 10 * MINUTE {
            program.set_jitter(Jitter::from_bits(chance.next_u32()));
            program.token_for(Need::any(), Duration::ZERO).unwrap_err();
            program.advance(SECOND);
        }
        requests.extend(program.token_requests());
    }
    requests
}

/// Counts the requests in each interval.
fn counted(requests: &[Duration], stretch: Duration) -> BTreeMap<u128, usize> {
    let mut counts = BTreeMap::new();
    for request in requests {
        *counts
            .entry(request.as_millis() / stretch.as_millis())
            .or_default() += 1;
    }
    counts
}

const PROGRAMS: usize = 1000;
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
