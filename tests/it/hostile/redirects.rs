//! Redirects of the token request: following one would send the secret to another server.

use edx_auth_core::ErrorKind;
use edx_auth_testkit::{MockEdx, MockResponse};

use super::{ask, kind, over_every_stack, setup};

#[test]
fn no_source_follows_any_of_35_redirects() {
    over_every_stack(|stack| {
        let [edx, other] = [(); 2].map(|()| MockEdx::start().unwrap());
        let mut rejected = 0;
        for status in STATUSES {
            for (place, location) in places(&edx, &other) {
                edx.next_request(MockEdx::TOKEN_PATH, redirect(status, location));

                let error = ask(stack, setup(&edx)).unwrap_err();

                rejected += 1;
                let case = format!("{} {status} {place}", stack.name);
                assert_eq!(kind(&error), ErrorKind::Redirected, "{case}");
                assert_eq!(edx.requests().len(), rejected, "{case}");
            }
        }
        assert_eq!(rejected, 35);
        assert_eq!(other.requests().len(), 0, "{}", stack.name);
    });
}

/// Dropping `Authorization` for server B is not enough: a client could add it again for a redirect
/// inside B, or for a redirect from B back home.
#[test]
fn a_chain_of_redirects_never_carries_the_secret() {
    over_every_stack(|stack| {
        for by_basic in [false, true] {
            let [edx, evil] = [(); 2].map(|()| MockEdx::start().unwrap());
            let at_evil = |path| format!("{}{path}", evil.url());
            evil.on("POST", "/1", MockResponse::redirect(307, at_evil("/2")));
            evil.on("POST", "/2", MockResponse::redirect(307, edx.token_url()));
            edx.next_request(
                MockEdx::TOKEN_PATH,
                MockResponse::redirect(307, at_evil("/1")),
            );
            let mut setup = setup(&edx);
            if by_basic {
                setup.request = setup.request.basic_auth();
            }

            let error = ask(stack, setup).unwrap_err();

            assert_eq!(kind(&error), ErrorKind::Redirected, "{}", stack.name);
            assert_eq!(evil.requests().len(), 0, "{}", stack.name);
            assert_eq!(edx.requests().len(), 1, "{}", stack.name);
        }
    });
}

fn places(edx: &MockEdx, other: &MockEdx) -> [(&'static str, Option<String>); 7] {
    let by_name = edx.token_url().replace("127.0.0.1", "localhost");
    let by_https = other.token_url().replace("http:", "https:");
    [
        ("the same host", Some(edx.token_url() + "/")),
        ("another port", Some(other.token_url())),
        ("another host", Some(by_name)),
        ("another scheme", Some(by_https)),
        ("a relative one", Some("access_token/".into())),
        ("none", None),
        ("a malformed one", Some("http://[::1:nowhere".into())),
    ]
}

fn redirect(status: u16, location: Option<String>) -> MockResponse {
    let response = MockResponse::html(status, "<h1>Moved</h1>");
    match location {
        Some(location) => response.header("Location", location),
        None => response,
    }
}

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];
