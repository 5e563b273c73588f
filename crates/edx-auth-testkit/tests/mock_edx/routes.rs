//! Routes that a test sets.

use std::time::Duration;

use edx_auth_testkit::{Behavior, ClockOffset, MockEdx, MockResponse};

use crate::wire::{
    Client, HANG, Received, drop_in_time, exchange, fetch_token, get, good_form, post_form,
};

fn get_with(edx: &MockEdx, target: &str, token: &str) -> Received {
    get(edx, target, &format!("Authorization: JWT {token}\r\n"))
}

#[test]
fn a_route_responds_to_every_request_of_its_method_and_path() {
    let edx = MockEdx::start().unwrap();
    edx.on("GET", "/here", MockResponse::json(200, "[1]"));
    edx.on("post", "/here", MockResponse::new(292));

    for (request, status) in [
        ("GET /here HTTP/1.1\r\n\r\n", 200),
        ("GET /here?page=2 HTTP/1.1\r\n\r\n", 200),
        ("POST /here HTTP/1.1\r\n\r\n", 292),
        ("GET /here HTTP/1.1\r\n\r\n", 200),
        ("HEAD /here HTTP/1.1\r\n\r\n", 404),
        ("PUT /here HTTP/1.1\r\n\r\n", 404),
        ("get /here HTTP/1.1\r\n\r\n", 404),
        ("GET /here/ HTTP/1.1\r\n\r\n", 404),
        ("GET /her HTTP/1.1\r\n\r\n", 404),
    ] {
        assert_eq!(exchange(&edx, request).status, status, "{request}");
    }
}

#[test]
fn a_routed_response_is_sent_unchanged() {
    let edx = MockEdx::start().unwrap();
    edx.on(
        "GET",
        "/here",
        MockResponse::json(200, "[1]").header("X-A", "b"),
    );
    let mut client = Client::of(&edx);

    client.send("GET /here HTTP/1.1\r\nConnection: close\r\n\r\n");

    let expected = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-A: b\r\n\
                    Connection: close\r\nContent-Length: 3\r\n\r\n[1]";
    assert_eq!(String::from_utf8(client.rest()).unwrap(), expected);
}

#[test]
fn a_route_can_be_set_by_url_or_path() {
    let edx = MockEdx::start().unwrap();
    let header = format!("Authorization: JWT {}\r\n", fetch_token(&edx));
    let at = |path: &str| format!("{}{path}", edx.url());
    edx.on("GET", at("/route"), MockResponse::new(291));
    edx.on_authorized("GET", at("/authorized"), MockResponse::new(292));
    edx.list(at("/list/"), ["1"]);
    edx.next_request(edx.token_url(), MockResponse::new(293));

    let statuses = ["/route", "/authorized", "/list/", MockEdx::TOKEN_PATH]
        .map(|path| get(&edx, path, &header).status);

    assert_eq!(statuses, [291, 292, 200, 293]);
}

#[test]
fn a_later_route_replaces_an_earlier_one() {
    let edx = MockEdx::start().unwrap();
    let status = || get(&edx, "/here", "").status;

    edx.on("GET", "/here", MockResponse::new(291));
    assert_eq!(status(), 291);
    edx.on("GET", "/here", MockResponse::new(292));
    assert_eq!(status(), 292);
    edx.on_authorized("GET", "/here", MockResponse::new(293));
    assert_eq!(status(), 401);
    edx.on("GET", "/here", Behavior::pass_through());
    assert_eq!(status(), 404);
}

#[test]
fn a_route_replaces_the_site_until_it_passes_requests_through() {
    let edx = MockEdx::start().unwrap();
    let ask = post_form(MockEdx::TOKEN_PATH, "", &good_form(&edx));

    edx.on("POST", MockEdx::TOKEN_PATH, MockResponse::html(503, "soon"));
    let outage = [(); 2].map(|()| exchange(&edx, &ask).status);
    edx.on("POST", MockEdx::TOKEN_PATH, Behavior::pass_through());

    assert_eq!(outage, [503, 503]);
    assert_eq!(exchange(&edx, &ask).status, 200);
    assert_eq!(edx.token_requests(), 3);
}

#[test]
fn queued_behaviors_come_before_routes() {
    let edx = MockEdx::start().unwrap();
    edx.on("GET", "/here", MockResponse::new(291));
    edx.next_request("/here", MockResponse::new(292));
    edx.next_request("/here", Behavior::pass_through());
    edx.next_request("/here", MockResponse::new(293));

    let statuses = [(); 4].map(|()| get(&edx, "/here", "").status);

    assert_eq!(statuses, [292, 291, 293, 291]);
}

#[test]
fn a_used_connection_ends_before_its_routes_respond() {
    let edx = MockEdx::start().unwrap();
    edx.on("GET", "/here", MockResponse::new(291));
    edx.on_reused_connection(Behavior::close());
    let mut client = Client::of(&edx);

    client.send(&"GET /here HTTP/1.1\r\n\r\n".repeat(2));

    assert_eq!(client.receive().status, 291);
    assert_eq!(client.rest(), b"");
}

#[test]
fn a_route_can_be_any_behavior() {
    let edx = MockEdx::start().unwrap();
    edx.on("GET", "/here", Behavior::bytes("not HTTP"));

    for _ in 0..2 {
        let mut client = Client::of(&edx);
        client.send("GET /here HTTP/1.1\r\n\r\n");
        assert_eq!(client.rest(), b"not HTTP");
    }
}

#[test]
fn a_delay_applies_before_a_route_too() {
    let edx = MockEdx::start().unwrap();
    edx.on("GET", "/here", MockResponse::new(291));
    let tomorrow = Duration::from_secs(86_400);
    let handle = edx.next_request("/here", Behavior::after(tomorrow, Behavior::pass_through()));
    let mut client = Client::of(&edx);
    client.send("GET /here HTTP/1.1\r\n\r\n");

    assert!(!handle.ends_within(Duration::from_millis(100)));
    drop_in_time(edx);

    assert!(handle.ends_within(HANG));
    assert_eq!(client.rest(), b"");
}

#[test]
fn an_authorized_route_needs_a_valid_token() {
    let edx = MockEdx::start().unwrap();
    edx.on_authorized("GET", "/here", MockResponse::json(200, "[1]"));
    let token = fetch_token(&edx);

    let response = get_with(&edx, "/here?a=b", &token);

    assert_eq!((response.status, response.body.as_str()), (200, "[1]"));
    assert_eq!(response.header("Vary"), None);
}

#[test]
fn an_authorized_route_has_the_errors_of_the_catalogs() {
    let edx = MockEdx::start().unwrap();
    edx.on_authorized("GET", "/here", MockResponse::json(200, "[1]"));
    let token = fetch_token(&edx);
    let foreign = fetch_token(&MockEdx::start().unwrap());
    let expired = || edx.set_clock_offset(ClockOffset::Ahead(Duration::from_secs(3600)));
    let in_time = || edx.set_clock_offset(ClockOffset::NONE);

    for (header, set_clock) in [
        (String::new(), &in_time as &dyn Fn()),
        (format!("Authorization: Bearer {token}\r\n"), &in_time),
        (format!("Authorization: JWT {foreign}\r\n"), &in_time),
        (format!("Authorization: JWT {token}\r\n"), &expired),
    ] {
        set_clock();
        let rejected = get(&edx, "/here", &header);
        let model = get(&edx, MockEdx::CATALOGS_PATH, &header);

        assert_eq!(rejected.status, 401, "{header}");
        assert_eq!(rejected.headers, model.headers, "{header}");
        assert_eq!(rejected.body, model.body, "{header}");
    }
}

#[test]
fn a_405_lists_the_methods_of_the_path() {
    let edx = MockEdx::start().unwrap();
    edx.on_authorized("POST", "/here", MockResponse::new(201));

    let rejected = exchange(&edx, &post_form("/here", "", "a=b"));

    assert_eq!(rejected.status, 401);
    assert_eq!(rejected.header("Allow"), Some("POST, OPTIONS"));
}

#[test]
fn an_authorized_route_takes_any_media_type() {
    let edx = MockEdx::start().unwrap();
    edx.on_authorized("GET", "/here", MockResponse::new(200).body("a,b"));
    let token = fetch_token(&edx);

    let header = format!("Authorization: JWT {token}\r\nAccept: text/csv\r\n");

    assert_eq!(get(&edx, "/here", &header).body, "a,b");
}

#[test]
fn the_errors_of_a_view_switch_to_problems_and_those_of_others_stay() {
    let edx = MockEdx::start().unwrap();
    edx.on_authorized("GET", "/new/", MockResponse::json(200, "{}"));
    edx.on_authorized("GET", "/old/", MockResponse::json(200, "{}"));
    edx.problems_at(format!("{}/new/", edx.url()));
    edx.problems_at(MockEdx::CATALOGS_PATH);
    let token = fetch_token(&edx);

    let required = get(&edx, "/new/", "");
    let failed = get_with(&edx, "/new/", "a.b.c");
    let accepted = get_with(&edx, "/new/", &token);
    let old = get_with(&edx, "/old/", "a.b.c");
    let beyond = get_with(&edx, "/api/v1/catalogs/?page=4", &token);

    assert_eq!(required.status, 401);
    assert_eq!(
        required.header("WWW-Authenticate"),
        Some(r#"JWT realm="api""#)
    );
    assert_eq!(
        required.body,
        r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Required","status":401,"detail":"Authentication credentials were not provided.","instance":"/new/"}"#
    );
    assert_eq!(failed.json()["title"], "Authentication Failed");
    assert_eq!((accepted.status, accepted.body.as_str()), (200, "{}"));
    assert_eq!(old.body, r#"{"detail":"Invalid token."}"#);
    assert_eq!(
        beyond.body,
        r#"{"type":"https://docs.openedx.org/errors/not-found","title":"Not Found","status":404,"detail":"Invalid page.","instance":"/api/v1/catalogs/"}"#
    );
}
