//! Retries around a layer: every attempt takes its own token.

use std::thread;

use edx_auth_testkit::{Behavior, MockResponse};
use edx_auth_tests::timeout::TIMEOUT;

use super::{API, Layered, OverMiddleware, OverTower, Site};

#[test]
fn a_rejection_a_throttled_replay_and_another_rejection_cost_one_renewal() {
    costs_one_renewal::<OverTower>();
    costs_one_renewal::<OverMiddleware>();
}

fn costs_one_renewal<L: Layered>() {
    let site = Site::start();
    let responses = [
        MockResponse::invalid_token(),
        MockResponse::throttled(1),
        MockResponse::invalid_token(),
    ];
    for response in responses {
        site.edx.next_request(API, response);
    }

    let response = site.get(&site.retrying::<L>(1)).unwrap();

    let tokens = site.tokens();
    assert_eq!(response.status(), 401);
    assert_eq!(tokens.len(), 3);
    assert_ne!(tokens[0], tokens[1]);
    assert_eq!(tokens[1], tokens[2]);
    assert_eq!(site.edx.token_requests(), 2);
}

#[test]
fn every_attempt_takes_its_own_token() {
    takes_its_own_token::<OverTower>();
    takes_its_own_token::<OverMiddleware>();
}

fn takes_its_own_token<L: Layered>() {
    let site = Site::start();
    site.edx.on("GET", API, MockResponse::json(200, "{}"));
    let outage = Behavior::until_released(MockResponse::html(503, ""));
    let outage = site.edx.next_request(API, outage);
    let client = site.retrying::<L>(1);

    let response = thread::scope(|scope| {
        let called = scope.spawn(|| site.get(&client));
        // The token request, and the first attempt.
        assert!(site.edx.wait_for_requests(2, TIMEOUT));
        site.runtime.block_on(site.source.renew_now()).unwrap();
        outage.release();
        called.join().unwrap().unwrap()
    });

    let tokens = site.tokens();
    assert_eq!(response.status(), 200);
    assert_eq!(tokens.len(), 2);
    assert_ne!(tokens[0], tokens[1]);
}
