use edx_auth_testkit::MockEdx;

use crate::wire::{Received, basic, exchange, good_form, post, post_form};

const PATH: &str = MockEdx::TOKEN_PATH;
const GRANT: &str = "grant_type=client_credentials";
const GOOD: &str = "grant_type=client_credentials&client_id=an-id&client_secret=a-secret";
const HTML: Option<&str> = Some("text/html; charset=utf-8");

fn site() -> MockEdx {
    MockEdx::builder()
        .client("an-id", "a-secret")
        .client("special", "a+b %&=:\u{fc}")
        .client_of_another_grant("login", "login-secret")
        .start()
        .unwrap()
}

fn assert_oauth_error(response: &Received, (status, body): (u16, &str), case: &str) {
    assert_eq!(
        (response.status, response.body.as_str()),
        (status, body),
        "{case}"
    );
    for (name, value) in [
        ("Content-Type", "application/json"),
        ("Cache-Control", "no-store"),
        ("Pragma", "no-cache"),
    ] {
        assert_eq!(response.header(name), Some(value), "{case}");
    }
}

#[test]
fn a_client_that_does_not_authenticate_is_invalid() {
    let edx = site();
    let by_form = |fields: &str| post_form(PATH, "", &format!("{GRANT}&{fields}"));
    let by_header = |header: &str| post_form(PATH, header, GRANT);

    for (case, request) in [
        ("wrong secret", by_form("client_id=an-id&client_secret=x")),
        (
            "unknown client",
            by_form("client_id=x&client_secret=a-secret"),
        ),
        ("empty secret", by_form("client_id=an-id&client_secret=")),
        ("no secret", by_form("client_id=an-id")),
        ("no id", by_form("client_secret=a-secret")),
        ("no credentials", by_form("")),
        ("bad percent", by_form("client_id=an-id&client_secret=%zz%")),
        ("no text", by_form("client_id=an-id&client_secret=%ff")),
        ("NUL", by_form("client_id=an-id%00&client_secret=a-secret")),
        (
            "two secrets",
            by_form("client_id=an-id&client_secret=a-secret&client_secret=x"),
        ),
        (
            "raw secret",
            by_form("client_id=special&client_secret=a+b %&=:\u{fc}"),
        ),
        (
            "Basic, raw secret",
            by_header(&basic("special:a+b %&=:\u{fc}")),
        ),
        ("Basic, wrong secret", by_header(&basic("an-id:x"))),
        ("Basic, not base64", by_header("Authorization: Basic ?\r\n")),
        ("Accept: text/html", by_header("Accept: text/html\r\n")),
    ] {
        let response = exchange(&edx, &request);

        assert_oauth_error(&response, (401, r#"{"error": "invalid_client"}"#), case);
        let challenge = Some(r#"Bearer error="invalid_client""#);
        assert_eq!(response.header("WWW-Authenticate"), challenge, "{case}");
    }
}

#[test]
fn an_unreadable_grant_type_is_unsupported() {
    let edx = site();
    let json_body = r#"{"grant_type": "client_credentials", "client_id": "an-id"}"#;

    for (case, request) in [
        (
            "none",
            post_form(PATH, "", "client_id=an-id&client_secret=a-secret"),
        ),
        (
            "unknown",
            post_form(PATH, "", &GOOD.replace("client_credentials", "foo")),
        ),
        (
            "typo",
            post_form(PATH, "", &GOOD.replace("credentials", "credential")),
        ),
        ("semicolons", post_form(PATH, "", &GOOD.replace('&', ";"))),
        ("no body", format!("POST {PATH} HTTP/1.1\r\n\r\n")),
        ("JSON", post(PATH, "", ("application/json", json_body))),
        ("plain text", post(PATH, "", ("text/plain", GOOD))),
    ] {
        let response = exchange(&edx, &request);

        assert_oauth_error(
            &response,
            (400, r#"{"error": "unsupported_grant_type"}"#),
            case,
        );
    }
}

#[test]
fn an_authenticated_client_gets_a_specific_error() {
    let edx = site();
    let login = format!("{GRANT}&client_id=login&client_secret=login-secret");
    let no_user =
        r#"{"error": "invalid_grant", "error_description": "Invalid credentials given."}"#;

    for (form, body) in [
        (login, r#"{"error": "unauthorized_client"}"#),
        (GOOD.replace("client_credentials", "password"), no_user),
        (
            GOOD.replace("client_credentials", "refresh_token"),
            r#"{"error": "invalid_grant"}"#,
        ),
        (
            format!("{GOOD}&scope=nonsense"),
            r#"{"error": "invalid_scope"}"#,
        ),
        (
            format!("{GOOD}&scope=grades:read"),
            r#"{"error": "invalid_scope"}"#,
        ),
    ] {
        let response = exchange(&edx, &post_form(PATH, "", &form));

        assert_oauth_error(&response, (400, body), &form);
        assert_eq!(response.header("WWW-Authenticate"), None);
    }
}

#[test]
fn other_methods_are_not_allowed_and_options_are() {
    let edx = site();

    for (request_line, status) in [
        ("GET /oauth2/access_token", 405),
        ("GET /oauth2/access_token?a=b", 405),
        ("HEAD /oauth2/access_token", 405),
        ("PUT /oauth2/access_token", 405),
        ("DELETE /oauth2/access_token", 405),
        ("OPTIONS /oauth2/access_token", 200),
    ] {
        let response = exchange(&edx, &format!("{request_line} HTTP/1.1\r\n\r\n"));

        assert_eq!(
            (response.status, response.body.as_str()),
            (status, ""),
            "{request_line}"
        );
        assert_eq!(
            response.header("Allow"),
            Some("POST, OPTIONS"),
            "{request_line}"
        );
        assert_eq!(response.header("Content-Type"), HTML, "{request_line}");
    }
    assert_eq!(edx.token_requests(), 0);
}

#[test]
fn other_paths_get_html() {
    let edx = site();
    let query = post_form("/oauth2/access_token?a=b", "", GOOD);
    let large = post_form(PATH, "", &"a".repeat(2_621_441));
    let other_version = post_form(PATH, "", GOOD).replace("HTTP/1.1", "HTTP/9");

    for (request, status, title) in [
        (query, 500, "Server Error (500)"),
        (post_form("/nowhere", "", GOOD), 404, "Not Found"),
        (large, 400, "Bad Request (400)"),
        (other_version, 400, "Bad Request (400)"),
    ] {
        let response = exchange(&edx, &request);

        assert_eq!(
            (response.status, response.header("Content-Type")),
            (status, HTML)
        );
        assert!(
            response.body.contains(&format!("<h1>{title}</h1>")),
            "{title}"
        );
    }
}

#[test]
fn a_body_of_unknown_length_is_not_read() {
    let edx = site();
    let chunked = format!("POST {PATH} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");

    assert_eq!(exchange(&edx, &chunked).status, 411);
}

#[test]
fn the_limit_counts_every_method_and_sends_no_retry_after() {
    let edx = MockEdx::builder().rate_limit(2).start().unwrap();
    let good = post_form(PATH, "", &good_form(&edx));

    let wasted = exchange(&edx, &format!("GET {PATH} HTTP/1.1\r\n\r\n"));
    let passed = exchange(&edx, &good);
    let blocked = exchange(&edx, &good);

    let statuses = [wasted.status, passed.status, blocked.status];
    let sentence = "Your request has been rate-limited. Please try again later.";
    assert_eq!(statuses, [405, 200, 429]);
    assert_eq!(blocked.header("Retry-After"), None);
    assert_eq!(blocked.header("Content-Type"), HTML);
    assert!(blocked.body.contains(sentence));
    assert_eq!(exchange(&edx, "GET /nowhere HTTP/1.1\r\n\r\n").status, 404);
}
