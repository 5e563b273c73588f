//! Tests of the blocking client alone: agents that the program built, and a slow error body.

use std::time::Duration;

use edx_auth_core::Verdict;
use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use edx_auth_tests::clients::{Call, Client, Setup};
use edx_auth_tests::timeout::within_timeout;
use edx_auth_ureq::{AuthorizedClient, TokenSource};
use ureq::Agent;
use ureq::config::RedirectAuthHeaders;

#[test]
fn an_agent_that_would_follow_redirects_follows_none() {
    for status in [301, 302, 303, 307, 308] {
        within_timeout(move || {
            let [edx, other] = [(); 2].map(|()| MockEdx::start().unwrap());
            edx.on(
                "GET",
                "/api/",
                MockResponse::redirect(status, other.catalogs_url()),
            );

            let response = Client::call(&over_a_hostile_agent(&edx), Call::get(api(&edx)));

            let response = response.unwrap();
            assert_eq!(response.status, status);
            assert_eq!(response.verdict, Some(Verdict::Redirected));
            assert_eq!(other.requests().len(), 0);
        });
    }
}

#[test]
fn an_agent_that_treats_statuses_as_errors_still_returns_responses() {
    within_timeout(|| {
        let edx = MockEdx::start().unwrap();
        edx.on("GET", "/api/", MockResponse::json(404, "{}"));

        let response = Client::call(&over_a_hostile_agent(&edx), Call::get(api(&edx)));

        assert_eq!(response.unwrap().status, 404);
        let requests = edx.requests();
        let call = requests.last().unwrap();
        assert_eq!(call.header("user-agent"), Some("acme/1.0"));
    });
}

#[test]
fn the_calls_timeout_outranks_the_agents_timeout() {
    within_timeout(|| {
        let edx = MockEdx::start().unwrap();
        edx.on("GET", "/api/", Behavior::stall());

        let client = over_a_hostile_agent(&edx);
        client.source().token().unwrap();

        let call = Call::get(api(&edx)).timeout(Duration::from_millis(300));
        let failure = Client::call(&client, call).unwrap_err();

        let words = api(&edx) + " did not respond in time";
        assert_eq!(failure.words, words);
    });
}

#[test]
fn a_slow_error_body_does_not_hold_back_its_status() {
    within_timeout(|| {
        let edx = MockEdx::start().unwrap();
        let head = "HTTP/1.1 503 \r\nContent-Length: 9\r\n\r\n[";
        edx.on("GET", "/api/", Behavior::endless(head, ""));
        let client = AuthorizedClient::new(TokenSource::new(Setup::of(&edx).request).unwrap());

        let call = client.unwrap().get(&api(&edx)).send();

        assert_eq!(call.unwrap().status(), 503);
    });
}

/// Creates a client over an agent whose settings contradict the rules of a call with a token.
fn over_a_hostile_agent(edx: &MockEdx) -> AuthorizedClient {
    let agent = Agent::config_builder()
        .user_agent("acme/1.0")
        .max_redirects(10)
        .redirect_auth_headers(RedirectAuthHeaders::SameHost)
        .http_status_as_error(true)
        .https_only(true)
        .timeout_global(Some(Duration::from_secs(99)));
    let source = TokenSource::new(Setup::of(edx).request).unwrap();
    let client = AuthorizedClient::builder(source).http_client(agent.build().new_agent());
    client.build().unwrap()
}

fn api(edx: &MockEdx) -> String {
    edx.url().to_owned() + "/api/"
}
