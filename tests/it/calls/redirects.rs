//! Redirects are followed inside the allowed origins only, with the right method and headers.

mod across;
mod matrix;

use std::sync::Arc;

use edx_auth_core::Verdict;
use edx_auth_testkit::{MockEdx, MockResponse, ReceivedRequest};
use edx_auth_tests::clients::{CLIENTS, Call, Client, Setup};
use edx_auth_tests::timeout::within_timeout;
use http::Method;

#[test]
fn ten_redirects_are_followed_and_no_more() {
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            edx.on("GET", "/api/", MockResponse::redirect(302, "/api/?again"));
            let client = (library.new_client)(Setup::of(&edx));

            let response = client
                .call(Call::get(edx.url().to_owned() + "/api/"))
                .unwrap();

            assert_eq!(response.status, 302, "{}", library.name);
            assert_eq!(
                response.verdict,
                Some(Verdict::Redirected),
                "{}",
                library.name
            );
            assert_eq!(calls(&edx).len(), 11, "{}", library.name);
        });
    }
}

#[test]
fn a_redirect_to_a_login_page_is_handed_back() {
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            let client = (library.new_client)(Setup::of(&edx));
            edx.on("GET", "/login", MockResponse::html(200, "<h1>Sign in</h1>"));
            edx.on(
                "POST",
                "/login",
                MockResponse::html(200, "<h1>Sign in</h1>"),
            );
            let url = edx.url().to_owned() + "/api/x/";
            for status in [302, 303, 307] {
                for call in [Call::get(url.clone()), Call::post(url.clone()).body("{}")] {
                    edx.next_request("/api/x/", MockResponse::redirect(status, LOGIN));

                    let response = client.call(call).unwrap();

                    assert_eq!(response.status, status, "{}", library.name);
                    assert_eq!(response.headers["location"], LOGIN, "{}", library.name);
                    assert_eq!(
                        response.verdict,
                        Some(Verdict::Redirected),
                        "{}",
                        library.name
                    );
                }
            }
            assert!(
                calls(&edx).iter().all(|sent| sent.path() == "/api/x/"),
                "{}",
                library.name
            );
        });
    }
}

const LOGIN: &str = "/login?next=%2Fapi%2Fx%2F";

#[test]
fn a_rejected_call_is_replayed_at_the_redirect_target() {
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            edx.on("POST", "/api/", MockResponse::redirect(307, "/there/"));
            edx.next_request("/there/", MockResponse::json(401, ""));
            edx.on("POST", "/there/", MockResponse::json(200, "{}"));
            let client = of_aged_tokens(&edx, library.new_client);

            let call = Call::post(edx.url().to_owned() + "/api/").body("{}");
            let response = client.call(call).unwrap();

            assert_eq!(response.status, 200, "{}", library.name);
            let paths: Vec<_> = calls(&edx)
                .iter()
                .map(|sent| sent.path().to_owned())
                .collect();
            assert_eq!(paths, ["/api/", "/there/", "/there/"], "{}", library.name);
            assert_eq!(edx.token_requests(), 2, "{}", library.name);
        });
    }
}

#[test]
fn the_response_of_a_followed_redirect_comes_from_its_target() {
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            edx.on(
                "GET",
                "/api/",
                MockResponse::redirect(301, "there/?page=2#top"),
            );
            edx.on(
                "GET",
                "/api/there/",
                MockResponse::json(404, "no such page"),
            );
            let client = (library.new_client)(Setup::of(&edx));

            let call = Call::new(Method::GET, edx.url().to_owned() + "/api/?page=1");
            let response = client.call(call).unwrap();

            assert_eq!(response.status, 404, "{}", library.name);
            assert_eq!(
                response.verdict,
                Some(Verdict::NotFound),
                "{}",
                library.name
            );
            assert_eq!(response.body, b"no such page", "{}", library.name);
            assert_eq!(calls(&edx)[1].query(), Some("page=2"), "{}", library.name);
        });
    }
}

/// Creates a client whose first two tokens are old enough to be renewed as soon as an API rejects them.
fn of_aged_tokens(edx: &MockEdx, new_client: fn(Setup) -> Arc<dyn Client>) -> Arc<dyn Client> {
    for generation in 1..=2 {
        edx.next_request(MockEdx::TOKEN_PATH, super::row::issued(generation));
    }
    new_client(Setup::of(edx))
}

/// Returns the requests that a site got, except token requests.
fn calls(edx: &MockEdx) -> Vec<ReceivedRequest> {
    let mut requests = edx.requests();
    requests.retain(|sent| sent.path() != MockEdx::TOKEN_PATH);
    requests
}
