//! A minute of calls with tokens that live for five seconds, the shortest lifetime that a real site can
//! reasonably have.

use std::thread;
use std::time::{Duration, Instant};

use edx_auth_core::{ApiUrl, PlaintextHosts};
use edx_auth_tests::drivers::{DRIVERS, Driver, HttpStack, Setup};
use edx_auth_tests::openedx::{CLIENT, OpenEdx, Options};
use edx_auth_tests::timeout::within;

#[test]
fn a_minute_of_calls_gets_no_rejection_and_costs_few_tokens() {
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

    let began = Instant::now();
    within(LIMIT, move || calls_for_a_minute(&*source, &url));

    let stats = site.stats();
    let tokens = stats.token.get(&200).copied().unwrap_or_default();
    assert_eq!(stats.token, [(200, tokens)].into(), "{}", stack.name);
    // No token is renewed before five eighths of its lifetime, which counts as a second shorter than the
    // site says.
    let most = began.elapsed().as_millis() / 2500 + 2;
    assert!(
        u128::from(tokens) <= most,
        "{}: {tokens} tokens",
        stack.name
    );
}

/// Calls an API for a minute with the source's tokens. Each is accepted for as long as it is said to be
/// usable.
fn calls_for_a_minute(source: &dyn Driver, url: &ApiUrl) {
    let began = Instant::now();
    while began.elapsed() < MINUTE {
        let asked = Instant::now();
        let token = source.token().unwrap();
        let status = source.get(url, &token);
        let is_late = asked.elapsed() > token.usable_for();
        assert!(status == 200 || is_late, "{status} for {token:?}");
        thread::sleep(BETWEEN_CALLS);
    }
}

const MINUTE: Duration = Duration::from_secs(60);
const LIMIT: Duration = Duration::from_secs(180);
const BETWEEN_CALLS: Duration = Duration::from_millis(100);
