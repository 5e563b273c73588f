//! The responses of a site without faults.

use std::time::Duration;

use edx_auth_core::{
    ClientCredentials, ErrorCode, ErrorKind, TokenEndpoint, TokenRequest, TokenType,
};
use edx_auth_testkit::{Fingerprint, MockEdx, MockResponse};
use edx_auth_tests::openedx::AWKWARD_CLIENT;

use super::{NAME, exchange, exchange_with, request_of, request_to, token_response};

#[test]
fn a_valid_client_gets_a_token_with_one_request() {
    let edx = MockEdx::start().unwrap();

    let issued = exchange(&request_to(&edx)).unwrap();

    assert_eq!(issued.token().token_type(), TokenType::Jwt);
    assert_eq!(issued.lifetime(), Duration::from_secs(3599));
    assert_eq!(issued.scope().unwrap().as_str(), "read write email profile");
    assert_eq!(edx.requests().len(), 1);
}

#[test]
fn the_driver_sends_the_cores_request_and_its_user_agent() {
    let edx = MockEdx::start().unwrap();

    assert!(exchange(&request_to(&edx)).is_ok());

    let [request] = &edx.requests()[..] else {
        panic!("one request")
    };
    assert_eq!(
        (request.method(), request.path()),
        ("POST", MockEdx::TOKEN_PATH)
    );
    assert_eq!(request.form_field("grant_type"), Some("client_credentials"));
    assert_eq!(request.form_field("token_type"), Some("jwt"));
    assert_eq!(request.header("accept"), Some("application/json"));
    assert_eq!(request.header("accept-encoding"), Some("identity"));
    assert_eq!(request.header("authorization"), None);
    let name = request.header("user-agent").unwrap_or_default();
    assert!(name.starts_with(NAME));
}

#[test]
fn every_character_of_the_credentials_arrives_by_form_and_by_basic() {
    let (id, secret) = (AWKWARD_CLIENT.id, AWKWARD_CLIENT.secret);
    let edx = MockEdx::builder().client(id, secret).start().unwrap();
    let request = request_to(&edx);

    for request in [request.clone(), request.basic_auth()] {
        assert!(exchange(&request).is_ok());

        let requests = edx.requests();
        let sent = requests.last().unwrap();
        assert_eq!(sent.client_secret(), Some(Fingerprint::of(secret)));
    }
    let ways: Vec<_> = edx
        .requests()
        .iter()
        .map(|sent| sent.header("authorization").is_some())
        .collect();
    assert_eq!(ways, [false, true]);
}

#[test]
fn a_secret_longer_than_any_buffer_arrives_complete() {
    let secret = "mock-edx-secret".repeat(5_000);
    let edx = MockEdx::builder().client("acme", &secret).start().unwrap();

    assert!(exchange(&request_to(&edx)).is_ok());
}

#[test]
fn a_denial_is_the_servers_error_code() {
    let edx = MockEdx::builder()
        .client("acme", "mock-edx-secret")
        .client_of_another_grant("login", "s3cret");
    let edx = edx.start().unwrap();
    for (id, secret, code) in [
        ("acme", "wrong", ErrorCode::InvalidClient),
        ("unknown", "mock-edx-secret", ErrorCode::InvalidClient),
        ("login", "s3cret", ErrorCode::UnauthorizedClient),
    ] {
        let error = exchange(&request_of(&edx, id, secret)).unwrap_err();

        assert_eq!(error.kind(), ErrorKind::Denied, "{id}");
        assert_eq!(error.oauth_code(), Some(&code), "{id}");
        assert!(!error.is_retryable(), "{id}");
    }
    assert_eq!(edx.requests().len(), 3);
}

#[test]
fn an_opaque_token_is_accepted_if_it_is_allowed() {
    let edx = MockEdx::builder().opaque_tokens().start().unwrap();

    let error = exchange(&request_to(&edx)).unwrap_err();
    let issued = exchange(&request_to(&edx).allow_bearer()).unwrap();

    assert_eq!(error.kind(), ErrorKind::UnexpectedTokenType);
    assert_eq!(issued.token().token_type(), TokenType::Bearer);
    assert_eq!(issued.lifetime(), Duration::from_secs(35_999));
}

#[test]
fn a_throttled_client_gets_a_backoff_of_a_minute() {
    let edx = MockEdx::builder().rate_limit(1).start().unwrap();
    assert!(exchange(&request_to(&edx)).is_ok());

    let error = exchange(&request_to(&edx)).unwrap_err();

    assert_eq!(error.kind(), ErrorKind::Throttled);
    assert_eq!(error.status().unwrap(), 429);
    assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
}

#[test]
fn another_url_of_the_site_is_not_a_token_endpoint() {
    let edx = MockEdx::start().unwrap();
    let endpoint = TokenEndpoint::exact(&format!("{}/oauth2/nowhere", edx.url())).unwrap();
    let credentials = ClientCredentials::new("acme", "s3cret").unwrap();

    let error = exchange(&TokenRequest::new(endpoint, credentials)).unwrap_err();

    assert_eq!(error.kind(), ErrorKind::WrongUrl);
    assert_eq!(error.status().unwrap(), 404);
}

#[test]
fn a_failing_site_is_unavailable() {
    for status in [500, 502, 503, 504] {
        let error = exchange_with(MockResponse::html(status, "<h1>Server Error</h1>")).unwrap_err();

        assert_eq!(error.kind(), ErrorKind::Unavailable, "{status}");
        assert_eq!(error.status().unwrap(), status);
    }
}

#[test]
fn a_cookie_is_not_sent_back() {
    let edx = MockEdx::start().unwrap();
    edx.next_request(
        MockEdx::TOKEN_PATH,
        token_response().header("Set-Cookie", "session=1; Path=/"),
    );

    assert!(exchange(&request_to(&edx)).is_ok());
    assert!(exchange(&request_to(&edx)).is_ok());

    let cookies = edx
        .requests()
        .iter()
        .any(|request| request.header("cookie").is_some());
    assert_eq!(edx.requests().len(), 2);
    assert!(!cookies);
}
