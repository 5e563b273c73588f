//! One GET with a token goes to its URL, and to no other server.

use edx_auth_core::{AccessToken, ApiUrl, PlaintextHosts, TokenType, UrlError};
use edx_auth_testkit::{Fingerprint, MockEdx, MockResponse};
use edx_auth_tests::timeout::within_timeout;
use http::StatusCode;
use serde_json::Value;

use super::{exchange, request_to, status_and_text};

#[test]
fn a_token_opens_the_api() {
    let edx = MockEdx::start().unwrap();
    let token = exchange(&request_to(&edx)).unwrap().into_token();

    let (status, body) = get(&edx.catalogs_url(), &token);

    let page: Value = serde_json::from_str(&body).unwrap();
    assert_eq!(status, 200);
    assert_eq!(page["count"], 25);
    let requests = edx.requests();
    let sent = requests.last().unwrap();
    assert_eq!(sent.token(), Some(Fingerprint::of(token.expose())));
    assert!(sent.header("authorization").unwrap().starts_with("JWT "));
    assert_eq!(sent.header("accept"), Some("application/json"));
}

#[test]
fn an_error_status_is_an_ordinary_response() {
    let edx = MockEdx::start().unwrap();

    let (status, body) = get(&edx.catalogs_url(), &garbage());

    assert_eq!(status, 401);
    assert_eq!(body, r#"{"detail":"Invalid token."}"#);
}

#[test]
fn a_redirect_is_returned_and_the_token_is_not_sent_on() {
    let [edx, other] = [(); 2].map(|()| MockEdx::start().unwrap());
    for status in [301, 302, 303, 307, 308] {
        let redirect = MockResponse::new(status).header("Location", other.catalogs_url());
        edx.next_request(MockEdx::CATALOGS_PATH, redirect);

        let (returned, _) = get(&edx.catalogs_url(), &garbage());

        assert_eq!(returned, status);
    }
    assert_eq!(edx.requests().len(), 5);
    assert_eq!(other.requests().len(), 0);
}

#[test]
fn a_token_is_sent_over_plain_http_only_to_named_hosts() {
    let url = "http://lms.example/api/v1/catalogs/";
    let host = "lms.example".to_owned();

    let rejected = ApiUrl::new(url, &PlaintextHosts::none());
    let named = ApiUrl::new(url, &PlaintextHosts::dangerously_allow([&*host]));

    assert_eq!(rejected, Err(UrlError::PlaintextHttp { host }));
    assert!(named.is_ok());
}

#[test]
fn a_failed_call_shows_no_token() {
    let url = ApiUrl::new("http://127.0.0.1:1/", &PlaintextHosts::none()).unwrap();
    let token = garbage();

    let shown = status_and_text(&url, &token).unwrap_err();

    assert!(!shown.contains(token.expose()), "{shown}");
}

fn get(url: &str, token: &AccessToken) -> (StatusCode, String) {
    let url = ApiUrl::new(url, &PlaintextHosts::none()).unwrap();
    let token = token.clone();
    within_timeout(move || status_and_text(&url, &token).unwrap())
}

fn garbage() -> AccessToken {
    AccessToken::new(TokenType::Jwt, "garbage").unwrap()
}
