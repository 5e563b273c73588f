//! APIs that announce their end: each response is counted, over both clients.

use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::clients::{CLIENTS, Call, Setup};
use edx_auth_tests::timeout::within_timeout;

#[test]
fn every_response_of_a_deprecated_api_is_counted() {
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            let client = (library.new_client)(Setup::of(&edx));
            let call = |path: &str| client.call(Call::get(edx.url().to_owned() + path));
            edx.on("GET", "/api/7/", deprecated(200, "{}"));
            edx.on("GET", "/api/8/", deprecated(404, ""));
            let moved = deprecated(301, "").header("Location", "/api/7/");
            edx.on("GET", "/api/old/", moved);

            for path in ["/api/7/", "/api/8/", "/api/old/"] {
                call(path).unwrap();
            }
            assert_eq!(call(MockEdx::CATALOGS_PATH).unwrap().status, 200);

            let health = client.health();
            assert_eq!(health.deprecated, 4, "{}", library.name);
            assert!(
                health.to_string().ends_with(", deprecated 4"),
                "{}: {health}",
                library.name
            );
        });
    }
}

#[test]
fn a_token_endpoint_that_announces_its_end_is_not_counted() {
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            let client = (library.new_client)(Setup::of(&edx));
            let token = r#"{"access_token": "a.b.c", "token_type": "JWT", "expires_in": 3600}"#;
            edx.next_request(MockEdx::TOKEN_PATH, deprecated(200, token));
            edx.on("GET", "/api/", MockResponse::json(200, "{}"));

            let response = client.call(Call::get(edx.url().to_owned() + "/api/"));

            assert_eq!(response.unwrap().status, 200, "{}", library.name);
            assert_eq!(client.health().deprecated, 0, "{}", library.name);
        });
    }
}

fn deprecated(status: u16, body: &str) -> MockResponse {
    MockResponse::json(status, body)
        .header("Deprecation", "@1798761600")
        .header("Sunset", "Fri, 31 Dec 2027 23:59:59 GMT")
}
