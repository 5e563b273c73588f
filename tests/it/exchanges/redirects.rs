//! A redirect is returned and not followed, because it would carry the secret.

use edx_auth_core::ErrorKind;
use edx_auth_testkit::{MockEdx, MockResponse};

use super::{exchange, request_to};

#[test]
fn no_redirect_is_followed_wherever_it_leads() {
    for status in [301, 302, 303, 307, 308] {
        let [edx, other] = [(); 2].map(|()| MockEdx::start().unwrap());
        for (place, location) in locations(&edx, &other) {
            let seen = edx.requests().len();
            edx.next_request(MockEdx::TOKEN_PATH, redirect(status, location.as_deref()));

            let error = exchange(&request_to(&edx)).unwrap_err();

            assert_eq!(error.kind(), ErrorKind::Redirected, "{status} {place}");
            assert_eq!(error.status().unwrap(), status, "{place}");
            assert_eq!(edx.requests().len(), seen + 1, "{status} {place}");
        }
        assert_eq!(other.requests().len(), 0, "{status}");
    }
}

#[test]
fn a_redirect_error_names_the_target_origin() {
    let [edx, other] = [(); 2].map(|()| MockEdx::start().unwrap());
    edx.next_request(MockEdx::TOKEN_PATH, redirect(308, Some(&other.token_url())));

    let error = exchange(&request_to(&edx)).unwrap_err();

    assert!(error.to_string().contains(other.url()), "{error}");
}

/// Redirect targets of every kind, and none.
fn locations(edx: &MockEdx, other: &MockEdx) -> [(&'static str, Option<String>); 9] {
    let name = edx.token_url().replace("127.0.0.1", "localhost");
    [
        ("the same server", Some(edx.token_url() + "/")),
        ("another name of the same server", Some(name)),
        ("another port", Some(other.token_url())),
        (
            "another port, without a scheme",
            Some(other.token_url().replace("http:", "")),
        ),
        (
            "another scheme",
            Some(other.token_url().replace("http:", "https:")),
        ),
        ("a path", Some("/oauth2/access_token/".into())),
        ("another file", Some("access_token/".into())),
        (
            "something that is no URL",
            Some("http://[::1:nowhere".into()),
        ),
        ("nowhere", None),
    ]
}

fn redirect(status: u16, location: Option<&str>) -> MockResponse {
    let response = MockResponse::html(status, "<h1>Moved</h1>");
    match location {
        Some(location) => response.header("Location", location),
        None => response,
    }
}
