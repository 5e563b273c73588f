//! Calls that are retried, over both HTTP libraries.

use std::time::Duration;

use edx_auth_core::Verdict;
use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use edx_auth_tests::clients::{CLIENTS, Call, Called, HttpLibrary, Setup};
use edx_auth_tests::timeout::within_timeout;

const PATH: &str = "/api/enrollment/v1/enrollment";
const MINUTE: Duration = Duration::from_secs(60);

#[test]
fn a_client_that_retries_repeats_a_failed_get() {
    over_both(Some(MINUTE), |site, library| {
        site.fails_once(MockResponse::html(503, "<h1>Be right back</h1>").into());

        let called = site.call(Call::get(site.url()));

        assert_eq!(status(called), (200, None), "{}", library.name);
        assert_eq!(site.calls(), 2, "{}", library.name);
    });
}

#[test]
fn a_client_that_retries_repeats_a_get_after_broken_connections() {
    over_both(Some(MINUTE), |site, library| {
        // The first break is repaired on a new connection, without any wait.
        site.fails_once(Behavior::reset());
        site.fails_once(Behavior::reset());

        let called = site.call(Call::get(site.url()));

        assert_eq!(status(called), (200, None), "{}", library.name);
        assert_eq!(site.calls(), 3, "{}", library.name);
    });
}

#[test]
fn a_client_that_retries_sends_no_post_twice() {
    over_both(Some(MINUTE), |site, library| {
        site.fails_once(MockResponse::html(503, "<h1>Be right back</h1>").into());

        let called = site.call(Call::post(site.url()).body("{}"));

        let unavailable = Some(Verdict::Unavailable { wait: None });
        assert_eq!(status(called), (503, unavailable), "{}", library.name);
        assert_eq!(site.calls(), 1, "{}", library.name);
    });
}

#[test]
fn a_post_is_retried_with_its_body_if_it_says_so() {
    over_both(None, |site, library| {
        site.fails_once(MockResponse::html(503, "<h1>Be right back</h1>").into());

        let called = site.call(Call::post(site.url()).body("{}").retry_for(MINUTE));

        assert_eq!(status(called), (200, None), "{}", library.name);
        let requests = site.edx.requests();
        let bodies: Vec<_> = requests
            .iter()
            .filter(|request| request.path() == PATH)
            .map(edx_auth_testkit::ReceivedRequest::body)
            .collect();
        assert_eq!(bodies.len(), 2, "{}", library.name);
        assert_eq!(bodies.first(), bodies.last(), "{}", library.name);
    });
}

#[test]
fn a_throttled_call_is_handed_back_if_its_wait_outlasts_the_retries() {
    over_both(Some(MINUTE), |site, library| {
        site.fails_once(MockResponse::throttled(61).into());

        let called = site.call(Call::get(site.url()));

        let wait = Duration::from_secs(61);
        let throttled = Some(Verdict::Throttled { wait });
        assert_eq!(status(called), (429, throttled), "{}", library.name);
        assert_eq!(site.calls(), 1, "{}", library.name);
    });
}

/// A site with one API, and a client of it.
struct Site {
    edx: MockEdx,
    client: std::sync::Arc<dyn edx_auth_tests::clients::Client>,
}

fn over_both(retry_for: Option<Duration>, test: fn(&Site, HttpLibrary)) {
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            for method in ["GET", "POST"] {
                edx.on_authorized(method, PATH, MockResponse::json(200, "{}"));
            }
            let setup = Setup {
                retry_for,
                ..Setup::of(&edx)
            };
            let client = (library.new_client)(setup);
            test(&Site { edx, client }, library);
        });
    }
}

impl Site {
    fn url(&self) -> String {
        format!("{}{PATH}", self.edx.url())
    }

    fn fails_once(&self, behavior: Behavior) {
        self.edx.next_request(PATH, behavior);
    }

    fn call(&self, call: Call) -> Called {
        self.client.call(call)
    }

    fn calls(&self) -> usize {
        let requests = self.edx.requests();
        requests
            .iter()
            .filter(|request| request.path() == PATH)
            .count()
    }
}

fn status(called: Called) -> (u16, Option<Verdict>) {
    let response = called.unwrap();
    (response.status, response.verdict)
}
