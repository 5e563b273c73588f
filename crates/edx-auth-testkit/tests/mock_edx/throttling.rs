//! Throttling of API requests.

use std::time::Duration;

use edx_auth_testkit::{ClockOffset, MockEdx, MockResponse};

use crate::wire::{Received, exchange, fetch_token, get, post_form};

const PATH: &str = MockEdx::CATALOGS_PATH;

fn site(limit: u32) -> MockEdx {
    let builder = MockEdx::builder().api_rate_limit(limit);
    builder.start().unwrap()
}

fn get_with(edx: &MockEdx, target: &str, token: &str) -> Received {
    get(edx, target, &format!("Authorization: JWT {token}\r\n"))
}

#[test]
fn a_request_above_the_limit_gets_a_wait() {
    let edx = site(2);
    let token = fetch_token(&edx);

    let statuses = [(); 2].map(|()| get_with(&edx, PATH, &token).status);
    let throttled = get_with(&edx, PATH, &token);

    assert_eq!(statuses, [200, 200]);
    assert_eq!(throttled.status, 429);
    let seconds: u64 = throttled.header("Retry-After").unwrap().parse().unwrap();
    assert!((1..=60).contains(&seconds), "{seconds}");
    assert_eq!(
        throttled.body,
        String::from_utf8(MockResponse::throttled(seconds).to_bytes())
            .unwrap()
            .split_once("\r\n\r\n")
            .unwrap()
            .1
    );
    assert_eq!(throttled.header("Allow"), Some("GET, HEAD, OPTIONS"));
    assert_eq!(throttled.header("Vary"), Some("Accept-Language, Cookie"));
}

#[test]
fn the_wait_counts_down_and_ends() {
    let edx = site(1);
    let token = fetch_token(&edx);
    let ahead = |seconds| edx.set_clock_offset(ClockOffset::Ahead(Duration::from_secs(seconds)));
    let wait = || -> u64 {
        let throttled = get_with(&edx, PATH, &token);
        throttled.header("Retry-After").unwrap().parse().unwrap()
    };
    assert_eq!(get_with(&edx, PATH, &token).status, 200);

    let at_once = wait();
    ahead(20);
    let later = wait();
    ahead(60);

    assert!(later <= at_once - 20, "{at_once} {later}");
    assert_eq!(get_with(&edx, PATH, &token).status, 200);
}

#[test]
fn lists_and_authorized_routes_count_together() {
    let edx = site(3);
    edx.list("/list/", ["1"]);
    edx.on_authorized("POST", "/route", MockResponse::new(291));
    edx.on("GET", "/open", MockResponse::new(292));
    let token = fetch_token(&edx);
    let header = format!("Authorization: JWT {token}\r\n");
    let post = || exchange(&edx, &post_form("/route", &header, "a=b"));

    let admitted = [
        get_with(&edx, PATH, &token).status,
        get_with(&edx, "/list/", &token).status,
        post().status,
    ];
    let throttled = post();

    assert_eq!(admitted, [200, 200, 291]);
    assert_eq!(throttled.status, 429);
    assert_eq!(throttled.header("Allow"), Some("POST, OPTIONS"));
    assert_eq!(get_with(&edx, "/open", &token).status, 292);
}

#[test]
fn throttled_requests_do_not_count() {
    let edx = site(1);
    let token = fetch_token(&edx);

    assert_eq!(get(&edx, PATH, "").status, 401);
    assert_eq!(get_with(&edx, PATH, "x").status, 401);
    let html = format!("Authorization: JWT {token}\r\nAccept: text/html\r\n");
    assert_eq!(get(&edx, PATH, &html).status, 406);
    assert_eq!(get_with(&edx, "/api/v1/staff-only/", &token).status, 403);

    assert_eq!(get_with(&edx, PATH, &token).status, 200);
}

#[test]
fn requests_that_the_view_rejects_count() {
    let edx = site(1);
    let token = fetch_token(&edx);

    let no_page = get_with(&edx, "/api/v1/catalogs/?page=9", &token);

    assert_eq!(no_page.status, 404);
    assert_eq!(get_with(&edx, PATH, &token).status, 429);
}

#[test]
fn the_limit_is_per_client_and_not_per_token() {
    let builder = MockEdx::builder()
        .client("an-id", "a-secret")
        .client("another", "a-secret")
        .api_rate_limit(1);
    let edx = builder.start().unwrap();
    let token_of = |id: &str, scope: &str| {
        let form = format!(
            "grant_type=client_credentials&client_id={id}&client_secret=a-secret\
             &token_type=jwt&scope={scope}"
        );
        exchange(&edx, &post_form(MockEdx::TOKEN_PATH, "", &form)).access_token()
    };

    let statuses = [("an-id", "read"), ("an-id", "write"), ("another", "read")]
        .map(|(id, scope)| get_with(&edx, PATH, &token_of(id, scope)).status);

    assert_eq!(statuses, [200, 429, 200]);
}

#[test]
fn there_is_no_throttling_by_default() {
    let edx = MockEdx::start().unwrap();
    let token = fetch_token(&edx);

    assert!((0..200).all(|_| get_with(&edx, PATH, &token).status == 200));
}
