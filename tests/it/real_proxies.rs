//! Both clients behind a real nginx and a real Apache that drop `Authorization` for a while.

use std::env;
use std::thread;
use std::time::Duration;

use edx_auth_testkit::MockEdx;
use edx_auth_tests::clients::{CLIENTS, Call, HttpLibrary, Setup};
use edx_auth_tests::proxies::{PROXIES, Software};
use edx_auth_tests::timeout::within_timeout;

#[test]
fn nginx_that_drops_the_token_costs_no_token_request() {
    dropped_tokens_cost_no_token_request(PROXIES[0]);
}

#[test]
fn apache_that_drops_the_token_costs_no_token_request() {
    dropped_tokens_cost_no_token_request(PROXIES[1]);
}

fn dropped_tokens_cost_no_token_request(software: Software) {
    for library in CLIENTS {
        within_timeout(move || dropped_tokens_are_explained(library, software));
    }
}

fn dropped_tokens_are_explained(library: HttpLibrary, software: Software) {
    let edx = MockEdx::start().unwrap();
    let Some(proxy) = software.start_or_skip(edx.url()) else {
        return;
    };
    let url = proxy.url() + MockEdx::CATALOGS_PATH;
    let client = (library.new_client)(Setup::of(&edx).and(&proxy.url()));
    let call = || client.call(Call::get(url.clone())).unwrap();
    assert_eq!(call().status, 200, "{}", software.name);

    proxy.drop_tokens();
    for _ in 0..CALLS {
        let dropped = call();
        let advice = dropped.verdict.unwrap().advice();
        assert_eq!(dropped.status, 401);
        assert!(advice.contains("a proxy that drops"), "{advice}");
        thread::sleep(pause());
    }
    let listing = client.pages(&url);
    proxy.pass_tokens();

    assert!(!listing.broken.unwrap().failure.is_retryable);
    assert_eq!(call().status, 200);
    assert_eq!(client.health().rejected, 0);
    assert_eq!(edx.token_requests(), 1, "{}", library.name);
}

/// Returns the time between two calls: a second in the long run of `.ci/deep`, where tokens are dropped for
/// a minute.
fn pause() -> Duration {
    let seconds = env::var("EDX_AUTH_PAUSE_SECONDS").ok();
    let seconds = seconds.map_or(0, |seconds| seconds.parse().unwrap());
    Duration::from_secs(seconds)
}

const CALLS: u32 = 60;
