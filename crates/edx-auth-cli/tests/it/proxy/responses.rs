//! What comes back through the proxy.

use edx_auth_testkit::{Behavior, MockEdx, MockResponse};

use super::Proxy;
use crate::site::{Ended, Site};

#[test]
fn a_redirect_to_another_origin_stops_at_the_proxy() {
    let (site, other) = (Site::start(), MockEdx::start().unwrap());
    site.edx.on(
        "GET",
        "/away",
        MockResponse::redirect(302, other.catalogs_url()),
    );
    let proxy = Proxy::to(&site);

    let received = proxy.get("/away");

    assert_eq!(received.status, 502, "{received:?}");
    assert_eq!(received.header("location"), None);
    assert!(!received.body.contains(other.url()), "{received:?}");
    assert!(other.requests().is_empty());
}

#[test]
fn a_redirect_inside_the_origin_leads_through_the_proxy() {
    let site = Site::start();
    let created = format!("{}/api/v1/things/1/", site.edx.url());
    site.edx.on(
        "POST",
        "/api/v1/things/",
        MockResponse::new(201).header("Location", created),
    );
    let proxy = Proxy::with(&site, site.edx.url(), &["--allow-writes", "/api"]);

    let received = proxy.send("POST", "/api/v1/things/", "Content-Length: 0");

    assert_eq!(received.status, 201);
    let through = format!("{}/api/v1/things/1/", proxy.url());
    assert_eq!(received.header("location"), Some(through.as_str()));
    // One that a GET may follow is followed by the proxy.
    let followed = proxy.get(MockEdx::CATALOGS_PATH.trim_end_matches('/'));
    assert_eq!(followed.status, 200);
}

#[test]
fn an_echo_of_the_token_is_removed() {
    let site = Site::of(MockEdx::builder().gateway());
    let endpoint = ["--endpoint", &site.edx.token_url()];
    let proxy = Proxy::with(&site, site.edx.url(), &endpoint);

    let received = proxy.get("/no/such/route");

    assert_eq!(received.status, 403, "{received:?}");
    assert!(received.body.contains("<redacted>"), "{received:?}");
    assert!(!received.body.contains("eyJ"), "{received:?}");
}

#[test]
fn cookies_and_hop_headers_stay_at_the_proxy() {
    let site = Site::start();
    let response = MockResponse::json(200, "{}")
        .header("Set-Cookie", "sessionid=1")
        .header("Access-Control-Allow-Origin", "*")
        .header("ETag", "\"1\"");
    site.edx.on("GET", "/a", response);
    let proxy = Proxy::to(&site);

    let received = proxy.get("/a");

    assert_eq!(received.header("etag"), Some("\"1\""));
    assert_eq!(received.header("set-cookie"), None);
    assert_eq!(received.header("access-control-allow-origin"), None);
    assert_eq!(received.header("x-content-type-options"), Some("nosniff"));
}

#[test]
fn a_response_of_any_status_passes() {
    let site = Site::start();
    site.edx.on("GET", "/a", MockResponse::throttled(7));
    let proxy = Proxy::to(&site);

    let received = proxy.get("/a");

    assert_eq!(
        (received.status, received.header("retry-after")),
        (429, Some("7"))
    );
    assert_eq!(proxy.get("/missing").status, 404);
    let head = proxy.send("HEAD", MockEdx::CATALOGS_PATH, "");
    assert_eq!((head.status, head.body.as_str()), (200, ""));
}

#[test]
fn half_a_body_is_never_taken_for_a_whole_one() {
    let site = Site::start();
    let whole = MockResponse::json(200, r#"{"results":[1,2,3]}"#);
    let length = whole.to_bytes().len();
    site.edx
        .next_request("/a", Behavior::cut(whole, length - 5));
    let proxy = Proxy::to(&site);

    let ended = Ended::of(&mut proxy.curl(&[&format!("{}/a", proxy.url())]));

    assert_eq!(ended.code, Some(18), "{ended:?}");
}

#[test]
fn a_body_that_ends_like_the_beginning_of_a_token_arrives_whole() {
    let site = Site::start();
    let text = MockResponse::new(200).body("as large as possible: ey");
    site.edx.on("GET", "/text", text);
    let json = MockResponse::json(200, r#"{"next":"http://127.0.0.1"#);
    site.edx.on("GET", "/json", json);
    let proxy = Proxy::to(&site);
    let fetch = |path| {
        let url = format!("{}{path}", proxy.url());
        Ended::of(&mut proxy.curl(&[&url])).success()
    };

    assert_eq!(fetch("/text"), "as large as possible: ey");
    assert_eq!(fetch("/json"), r#"{"next":"http://127.0.0.1"#);
}

#[test]
fn a_compressed_body_does_not_pass() {
    let site = Site::start();
    site.edx.on(
        "GET",
        "/a",
        MockResponse::json(200, "x").header("Content-Encoding", "gzip"),
    );
    let proxy = Proxy::to(&site);

    assert_eq!(proxy.get("/a").status, 502);
}

#[test]
fn the_result_of_a_write_passes_though_its_location_or_its_body_does_not() {
    let site = Site::start();
    let created = MockResponse::json(201, "{}");
    site.edx.on(
        "POST",
        "/api/moved/",
        created
            .clone()
            .header("Location", "https://other.example/1"),
    );
    site.edx.on(
        "POST",
        "/api/packed/",
        created.header("Content-Encoding", "gzip"),
    );
    let proxy = Proxy::with(&site, site.edx.url(), &["--allow-writes", "/api"]);

    let moved = proxy.send("POST", "/api/moved/", "Content-Length: 0");
    let packed = proxy.send("POST", "/api/packed/", "Content-Length: 0");

    assert_eq!((moved.status, moved.header("location")), (201, None));
    assert!(moved.body.contains("{}"), "{moved:?}");
    assert_eq!(packed.status, 201, "{packed:?}");
    assert!(packed.body.contains("compressed response"), "{packed:?}");
}
