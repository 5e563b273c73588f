//! A site behind the gateway of api.edx.org.

use edx_auth_testkit::{Behavior, MockEdx, MockResponse};

use crate::wire::{Received, basic, exchange, get, good_form, post_form};

const TOKEN: &str = MockEdx::GATEWAY_TOKEN_PATH;
const CATALOGS: &str = MockEdx::CATALOGS_PATH;
const MISSING: &str = r#"{"message":"Missing Authentication Token"}"#;

fn site() -> MockEdx {
    MockEdx::builder().gateway().start().unwrap()
}

fn token(edx: &MockEdx) -> String {
    let response = exchange(edx, &post_form(TOKEN, "", &good_form(edx)));
    assert_eq!(response.status, 200);
    response.access_token()
}

fn get_with(edx: &MockEdx, target: &str, token: &str) -> Received {
    get(edx, target, &format!("Authorization: JWT {token}\r\n"))
}

/// Checks that a response has the headers that HTTP needs, and no others.
fn assert_bare(response: &Received, case: &str) {
    let length = response.body.len().to_string();
    let expected = [
        ("Content-Type", "application/json"),
        ("Connection", "close"),
        ("Content-Length", length.as_str()),
    ];
    let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(response.headers, expected, "{case}");
}

#[test]
fn tokens_are_issued_only_at_the_gateways_path() {
    let edx = site();
    let form = good_form(&edx);

    assert_eq!(edx.token_url(), format!("{}{TOKEN}", edx.url()));
    for path in [TOKEN.to_owned(), format!("{TOKEN}/")] {
        let response = exchange(&edx, &post_form(&path, "", &form));
        assert_eq!(response.status, 200, "{path}");
        assert_bare(&response, &path);
        assert_eq!(response.json()["token_type"], "JWT");
    }
    for path in [MockEdx::TOKEN_PATH, "/oauth2/v2/access_token", "/"] {
        let response = exchange(&edx, &post_form(path, "", &form));
        assert_eq!(
            (response.status, response.body.as_str()),
            (403, MISSING),
            "{path}"
        );
        assert_bare(&response, path);
    }
}

#[test]
fn another_method_is_another_route() {
    let edx = site();
    let _ = token(&edx);

    for request in [
        format!("GET {TOKEN} HTTP/1.1\r\n\r\n"),
        format!("OPTIONS {TOKEN} HTTP/1.1\r\n\r\n"),
        format!("POST {CATALOGS} HTTP/1.1\r\n\r\n"),
        format!("OPTIONS {CATALOGS} HTTP/1.1\r\n\r\n"),
    ] {
        let response = exchange(&edx, &request);
        assert_eq!(
            (response.status, response.body.as_str()),
            (403, MISSING),
            "{request}"
        );
    }
}

#[test]
fn an_error_at_the_wrong_path_quotes_the_authorization_header() {
    let edx = site();

    for (header, message) in [
        (
            "JWT a.b.c",
            r#"{"message":"'a.b.c' not a valid key=value pair (missing equal-sign) in Authorization header: 'JWT a.b.c'."}"#,
        ),
        (
            "a\"b",
            r#"{"message":"'a\"b' not a valid key=value pair (missing equal-sign) in Authorization header: 'a\"b'."}"#,
        ),
    ] {
        let response = get(&edx, "/nowhere", &format!("Authorization: {header}\r\n"));

        assert_eq!((response.status, response.body.as_str()), (403, message));
    }
}

#[test]
fn the_gateway_reads_only_the_form_of_a_token_request() {
    let edx = site();
    let nameless = "grant_type=client_credentials&token_type=jwt";
    let without_type = good_form(&edx).replace("&token_type=jwt", "");
    let credentials = format!("{}:{}", edx.client_id(), edx.client_secret());

    let by_basic = exchange(&edx, &post_form(TOKEN, &basic(&credentials), nameless));
    let by_header = exchange(
        &edx,
        &post_form(TOKEN, "X-Token-Type: jwt\r\n", &without_type),
    );
    let with_query = exchange(
        &edx,
        &post_form(&format!("{TOKEN}?a=b"), "", &good_form(&edx)),
    );

    assert_eq!(by_basic.status, 401);
    assert_eq!(by_basic.body, r#"{"error": "invalid_client"}"#);
    assert_bare(&by_basic, "a challenge does not pass");
    assert_eq!(by_header.json()["token_type"], "Bearer");
    assert_eq!(with_query.status, 200);
}

#[test]
fn oauth_errors_keep_their_bodies() {
    let edx = site();

    let response = exchange(&edx, &post_form(TOKEN, "", "grant_type=x"));

    let error = r#"{"error": "unsupported_grant_type"}"#;
    assert_eq!((response.status, response.body.as_str()), (400, error));
    assert_bare(&response, "an error");
}

#[test]
fn a_list_loses_fields_and_nulls() {
    let edx = site();
    edx.list("/enterprise/v2/enterprise-catalogs", ["1", "2", "3"]);
    let token = token(&edx);

    let whole = get_with(&edx, "/enterprise/v2/enterprise-catalogs/", &token);
    let first = get_with(&edx, "/api/v1/catalogs?page_size=24", &token);

    assert_eq!(
        whole.body,
        r#"{"count":3,"next":"","previous":"","results":[1,2,3]}"#
    );
    assert_bare(&whole, "a list");
    let beginning = r#"{"count":25,"next":"http://edx/api/v1/catalogs?page=2&page_size=24","previous":"","results":[{"id":1,"#;
    assert!(first.body.starts_with(beginning), "{}", first.body);
}

#[test]
fn errors_of_the_api_lose_their_headers() {
    let edx = MockEdx::builder()
        .gateway()
        .api_rate_limit(1)
        .start()
        .unwrap();
    edx.on_authorized("GET", "/route", MockResponse::new(291));
    let token = token(&edx);

    let anonymous = get(&edx, CATALOGS, "");
    let routed = get(&edx, "/route", "");
    let staff_only = get_with(&edx, "/api/v1/staff-only/", &token);
    let no_page = get_with(&edx, "/api/v1/catalogs/?page=9", &token);
    let throttled = get_with(&edx, CATALOGS, &token);
    let html = get_with(&edx, CATALOGS, &format!("{token}\r\nAccept: text/html"));

    let not_provided = r#"{"detail":"Authentication credentials were not provided."}"#;
    for (response, status, body) in [
        (&anonymous, 401, not_provided),
        (&routed, 401, not_provided),
        (&staff_only, 403, r#"{"detail":"You do not"#),
        (&no_page, 404, r#"{"detail":"Invalid page."}"#),
        (&throttled, 429, r#"{"detail":"Request was throttled."#),
        (&html, 400, r#"{"detail":"Could not satisfy"#),
    ] {
        assert_eq!(response.status, status, "{}", response.body);
        assert!(response.body.starts_with(body), "{}", response.body);
        assert_bare(response, body);
    }
}

#[test]
fn a_blocked_token_request_gets_html_labeled_as_json() {
    let edx = MockEdx::builder().gateway().rate_limit(0).start().unwrap();

    let response = exchange(&edx, &post_form(TOKEN, "", &good_form(&edx)));

    assert_eq!(response.status, 429);
    assert!(response.body.contains("<h1>Too Many Requests</h1>"));
    assert_bare(&response, "429");
}

#[test]
fn the_gateway_does_not_change_a_tests_responses_by_default() {
    let edx = site();
    let outage = || MockResponse::html(503, "soon").header("Retry-After", "7");
    edx.on("GET", "/outside", outage());
    edx.on("GET", "/upstream", outage().through_gateway());
    edx.next_request(TOKEN, outage());
    edx.next_request(TOKEN, Behavior::pass_through());

    let outside = get(&edx, "/outside", "");
    let upstream = get(&edx, "/upstream", "");
    let played = get(&edx, TOKEN, "");

    assert_eq!(outside.status, 503);
    assert_eq!(outside.header("Retry-After"), Some("7"));
    assert_eq!((upstream.status, upstream.body.as_str()), (400, "soon"));
    assert_bare(&upstream, "upstream");
    assert_eq!(played.status, 503);
    assert_eq!(get(&edx, TOKEN, "").body, MISSING);
}

#[test]
fn six_statuses_pass_and_all_others_are_bad_requests() {
    let passed = |status: u16| {
        let wire = MockResponse::new(status).through_gateway().to_bytes();
        let line = String::from_utf8(wire).unwrap();
        line.split(' ').nth(1).unwrap().parse::<u16>().unwrap()
    };

    for status in [200, 401, 403, 404, 429, 500] {
        assert_eq!(passed(status), status);
    }
    for status in [201, 204, 301, 302, 400, 405, 406, 411, 502, 503, 504] {
        assert_eq!(passed(status), 400);
    }
}
