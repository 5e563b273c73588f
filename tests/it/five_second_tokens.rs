//! A minute of calls with tokens that live for five seconds, the shortest lifetime that a real site can
//! reasonably have.

use std::thread;
use std::time::{Duration, Instant};

use edx_auth_core::{ApiUrl, PlaintextHosts};
use edx_auth_tests::drivers::{DRIVERS, Driver, HttpStack, Setup};
use edx_auth_tests::openedx::{CLIENT, OpenEdx, Options};
use edx_auth_tests::timeout::within;

#[test]
fn a_minute_of_calls_gets_no_rejection_and_costs_at_most_25_tokens() {
    let minutes = DRIVERS.map(|stack| thread::spawn(move || a_minute_over(stack)));

    for minute in minutes {
        minute.join().unwrap();
    }
}

fn a_minute_over(stack: HttpStack) {
    let site = OpenEdx::start_or_skip(&Options::default().token_lifetime(5));
    let Some(site) = site else { return };
    let source = (stack.new_source)(Setup::new(&site.token_url(), CLIENT.id, CLIENT.secret));
    let url = ApiUrl::new(&site.catalogs_url(), &PlaintextHosts::none()).unwrap();

    let calls = within(LIMIT, move || calls_for_a_minute(&*source, &url));

    let stats = site.stats();
    assert_eq!(stats.api, [(200, calls)].into(), "{}", stack.name);
    let tokens = stats.token.get(&200).copied().unwrap_or_default();
    assert_eq!(stats.token, [(200, tokens)].into(), "{}", stack.name);
    assert!(tokens <= 25, "{}: {tokens} tokens", stack.name);
}

/// Calls an API for a minute with the source's tokens, and returns the number of calls.
fn calls_for_a_minute(source: &dyn Driver, url: &ApiUrl) -> u64 {
    let began = Instant::now();
    let mut calls = 0;
    while began.elapsed() < MINUTE {
        source.get(url, &source.token().unwrap());
        calls += 1;
        thread::sleep(BETWEEN_CALLS);
    }
    calls
}

const MINUTE: Duration = Duration::from_secs(60);
const LIMIT: Duration = Duration::from_secs(90);
const BETWEEN_CALLS: Duration = Duration::from_millis(100);
