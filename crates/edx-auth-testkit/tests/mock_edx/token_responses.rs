use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use edx_auth_testkit::{ClockOffset, Fingerprint, MockEdx, ReceivedRequest};
use serde_json::{Value, json};

use crate::wire::{Received, basic, exchange, fetch_token, get, good_form, post, post_form};

const PATH: &str = MockEdx::TOKEN_PATH;
const ALL_SCOPES: &str = "read write email profile";
const GOOD: &str = "grant_type=client_credentials&client_id=an-id&client_secret=a-secret";
const NAMELESS: &str = "grant_type=client_credentials&token_type=jwt";

fn site() -> MockEdx {
    MockEdx::builder()
        .client("an-id", "a-secret")
        .client("special", "a+b %&=:\u{fc}")
        .start()
        .unwrap()
}

/// Checks the whole body. Its token may be any text of three parts.
fn assert_jwt(response: &Received, scope: &str, case: &str) {
    let token = response.access_token();
    assert_eq!(token.split('.').count(), 3, "{case}");
    assert_eq!(
        response.body,
        format!(
            r#"{{"access_token": "{token}", "expires_in": 3600, "token_type": "JWT", "scope": "{scope}"}}"#
        ),
        "{case}"
    );
}

/// Checks the whole body. Its token may be any text of 30 bytes.
fn assert_opaque(response: &Received, case: &str) {
    let token = response.access_token();
    assert_eq!(token.len(), 30, "{case}");
    assert_eq!(
        response.body,
        format!(
            r#"{{"access_token": "{token}", "expires_in": 36000, "token_type": "Bearer", "scope": "{ALL_SCOPES}"}}"#
        ),
        "{case}"
    );
}

#[test]
fn a_success_has_these_headers_in_this_order() {
    let edx = site();

    let response = exchange(&edx, &post_form(PATH, "", &good_form(&edx)));

    let length = response.body.len().to_string();
    let expected = [
        ("Content-Type", "application/json"),
        ("Cache-Control", "no-store"),
        ("Pragma", "no-cache"),
        ("X-Frame-Options", "DENY"),
        ("Vary", "Accept-Language, Cookie"),
        ("Content-Language", "en"),
        ("Connection", "close"),
        ("Content-Length", length.as_str()),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(response.status, 200);
    assert_eq!(response.headers, expected);
}

#[test]
fn every_path_and_spelling_of_jwt_returns_a_jwt() {
    let edx = site();
    let jwt = format!("{GOOD}&token_type=jwt");
    let upper_case = format!("{GOOD}&token_type=JWT");
    let twice = format!("{GOOD}&token_type=bearer&token_type=jwt");
    let with_charset = "application/x-www-form-urlencoded; charset=UTF-8";

    for (case, request) in [
        ("usual", post_form(PATH, "", &jwt)),
        ("slash", post_form("/oauth2/access_token/", "", &jwt)),
        ("v1", post_form("/oauth2/v1/access_token", "", &jwt)),
        ("v1, slash", post_form("/oauth2/v1/access_token/", "", &jwt)),
        ("empty query", post_form("/oauth2/access_token?", "", &jwt)),
        ("upper case", post_form(PATH, "", &upper_case)),
        ("last token_type", post_form(PATH, "", &twice)),
        ("header", post_form(PATH, "X-Token-Type: jwt\r\n", GOOD)),
        ("charset", post(PATH, "", (with_charset, &jwt))),
        (
            "lifetime",
            post_form(PATH, "", &format!("{jwt}&expires_in=5")),
        ),
        ("Accept", post_form(PATH, "Accept: text/html\r\n", &jwt)),
    ] {
        assert_jwt(&exchange(&edx, &request), ALL_SCOPES, case);
    }
}

#[test]
fn every_way_to_authenticate_is_accepted() {
    let edx = site();
    let right = format!("{GOOD}&token_type=jwt");
    let wrong = format!("{NAMELESS}&client_id=an-id&client_secret=x");
    let special = format!("{NAMELESS}&client_id=special&client_secret=a%2Bb+%25%26%3D%3A%C3%BC");
    let special_basic = basic("special:a%2Bb+%25%26%3D%3A%C3%BC");
    let multipart = "--b\r\nContent-Disposition: form-data; name=\"grant_type\"\r\n\r\n\
        client_credentials\r\n--b\r\nContent-Disposition: form-data; name=\"token_type\"\r\n\r\n\
        jwt\r\n--b--\r\n";
    let multipart = ("multipart/form-data; boundary=b", multipart);

    for (case, request) in [
        ("form", post_form(PATH, "", &right)),
        ("Basic", post_form(PATH, &basic("an-id:a-secret"), NAMELESS)),
        (
            "Basic right",
            post_form(PATH, &basic("an-id:a-secret"), &wrong),
        ),
        ("Basic wrong", post_form(PATH, &basic("an-id:x"), &right)),
        (
            "Bearer",
            post_form(PATH, "Authorization: Bearer x\r\n", &right),
        ),
        ("special characters", post_form(PATH, "", &special)),
        ("special Basic", post_form(PATH, &special_basic, NAMELESS)),
        ("multipart", post(PATH, &basic("an-id:a-secret"), multipart)),
    ] {
        assert_jwt(&exchange(&edx, &request), ALL_SCOPES, case);
    }
}

#[test]
fn any_token_type_but_jwt_returns_an_opaque_token() {
    let edx = site();
    let bearer = format!("{GOOD}&token_type=bearer");

    for (case, request) in [
        ("silent", post_form(PATH, "", GOOD)),
        ("empty", post_form(PATH, "", &format!("{GOOD}&token_type="))),
        ("bearer", post_form(PATH, "", &bearer)),
        (
            "nonsense",
            post_form(PATH, "", &format!("{GOOD}&token_type=x")),
        ),
        (
            "form first",
            post_form(PATH, "X-Token-Type: jwt\r\n", &bearer),
        ),
        (
            "last grant",
            post_form(PATH, "", &format!("grant_type=x&{GOOD}")),
        ),
    ] {
        assert_opaque(&exchange(&edx, &request), case);
    }
}

#[test]
fn a_site_of_opaque_tokens_issues_no_jwt() {
    let edx = MockEdx::builder().opaque_tokens().start().unwrap();

    let response = exchange(&edx, &post_form(PATH, "", &good_form(&edx)));

    assert_opaque(&response, "opaque tokens");
}

#[test]
fn scopes_are_echoed_as_requested() {
    let edx = site();

    for scope in ["read", "profile read"] {
        let form = format!("{GOOD}&token_type=jwt&scope={}", scope.replace(' ', "+"));
        assert_jwt(&exchange(&edx, &post_form(PATH, "", &form)), scope, scope);
    }
}

#[test]
fn a_jwt_contains_iat_and_exp() {
    let edx = MockEdx::builder()
        .token_lifetime(Duration::from_millis(30_999))
        .clock_offset(ClockOffset::Behind(Duration::MAX))
        .start()
        .unwrap();

    let response = exchange(&edx, &post_form(PATH, "", &good_form(&edx)));
    let claims = claims_of(&response.access_token());

    assert_eq!(response.json()["expires_in"], 30);
    assert_eq!((&claims["iat"], &claims["exp"]), (&json!(0), &json!(30)));
    assert_eq!(claims["iss"], format!("{}/oauth2", edx.url()));
    assert_eq!(
        claims["scopes"],
        json!(["read", "write", "email", "profile"])
    );
}

#[test]
fn the_log_counts_token_requests_and_keeps_no_secret() {
    let edx = site();

    let token = fetch_token(&edx);
    exchange(
        &edx,
        &post_form("/oauth2/v1/access_token/", "", "grant_type=x"),
    );
    get(&edx, "/?x", &format!("Authorization: JWT {token}\r\n"));

    let requests = edx.requests();
    let orders: Vec<_> = requests.iter().map(ReceivedRequest::order).collect();
    let shown = format!("{requests:?}");
    assert_eq!((edx.token_requests(), orders), (2, vec![1, 2, 3]));
    assert_eq!(requests[0].form_field("client_id"), Some("an-id"));
    assert_eq!(
        requests[0].client_secret(),
        Some(Fingerprint::of("a-secret"))
    );
    assert_eq!((requests[2].method(), requests[2].path()), ("GET", "/"));
    assert_eq!(requests[2].token(), Some(Fingerprint::of(&token)));
    assert!(!shown.contains("a-secret") && !shown.contains(&token));
}

fn claims_of(token: &str) -> Value {
    let claims = token.split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).unwrap()).unwrap()
}
