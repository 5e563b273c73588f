//! Which requests pass.

use edx_auth_testkit::{MockEdx, MockResponse};

use super::Proxy;
use crate::site::Site;

#[test]
fn requests_that_must_not_pass_never_reach_the_site() {
    let site = Site::start();
    let proxy = Proxy::to(&site);
    let (host, secret) = (format!("Host: 127.0.0.1:{}", proxy.port), proxy.secret());
    let path = MockEdx::CATALOGS_PATH;
    let before = site.edx.requests().len();

    for (name, request, status) in [
        (
            "a wrong host",
            format!(
                "GET {path} HTTP/1.1\r\nHost: rebound.example:{}\r\n{secret}",
                proxy.port
            ),
            421,
        ),
        ("no host", format!("GET {path} HTTP/1.0\r\n{secret}"), 421),
        (
            "a page of a hostile site",
            format!("GET {path} HTTP/1.1\r\n{host}\r\n{secret}\r\nOrigin: https://hostile.example"),
            403,
        ),
        (
            "an image in its page",
            format!("GET {path} HTTP/1.1\r\n{host}\r\n{secret}\r\nSec-Fetch-Site: cross-site"),
            403,
        ),
        (
            "its preflight",
            format!(
                "OPTIONS {path} HTTP/1.1\r\n{host}\r\nOrigin: https://hostile.example\r\nAccess-Control-Request-Method: GET"
            ),
            403,
        ),
        ("no secret", format!("GET {path} HTTP/1.1\r\n{host}"), 403),
        (
            "a wrong secret",
            format!(
                "GET {path} HTTP/1.1\r\n{host}\r\nEdx-Auth-Proxy: {}",
                "0".repeat(64)
            ),
            403,
        ),
        (
            "a write",
            format!("POST {path} HTTP/1.1\r\n{host}\r\n{secret}\r\nContent-Length: 0"),
            405,
        ),
        (
            "a URL as its target",
            format!("GET http://evil.example/ HTTP/1.1\r\n{host}\r\n{secret}"),
            400,
        ),
        (
            "a way upwards",
            format!("GET /api/%2e%2e/admin/ HTTP/1.1\r\n{host}\r\n{secret}"),
            400,
        ),
        (
            "two lengths",
            format!(
                "GET {path} HTTP/1.1\r\n{host}\r\n{secret}\r\nContent-Length: 4\r\nContent-Length: 5"
            ),
            400,
        ),
    ] {
        let received = proxy.send_bare(&request);
        assert_eq!(received.status, status, "{name}: {received:?}");
        assert!(
            received.header("access-control-allow-origin").is_none(),
            "{name}"
        );
    }
    assert_eq!(site.edx.requests().len(), before);
}

#[test]
fn the_programs_own_credentials_and_cookies_stay_behind() {
    let site = Site::start();
    let proxy = Proxy::to(&site);

    let own = "Authorization: JWT planted\r\nCookie: sessionid=planted\r\nX-Forwarded-Host: evil.example\r\nX-Request-ID: 42";
    assert_eq!(proxy.send("GET", MockEdx::CATALOGS_PATH, own).status, 200);

    let requests = site.edx.requests();
    let call = requests.last().unwrap();
    assert_eq!(call.header("x-request-id"), Some("42"));
    for name in ["cookie", "x-forwarded-host", "edx-auth-proxy"] {
        assert_eq!(call.header(name), None, "{name}");
    }
}

#[test]
fn a_write_passes_with_its_body_where_it_is_allowed() {
    let site = Site::start();
    let path = "/api/enrollment/v1/enrollment";
    site.edx.on_authorized(
        "POST",
        path,
        MockResponse::json(200, r#"{"is_active":true}"#),
    );
    let proxy = Proxy::with(
        &site,
        site.edx.url(),
        &["--allow-writes", "/api/enrollment/v1"],
    );

    let body = r#"{"user":"ada"}"#;
    let url = format!("{}{path}", proxy.url());
    let mut curl = proxy.curl(&["-H", "Content-Type: application/json", "-d", body, &url]);
    let response = crate::site::Ended::of(&mut curl).success();

    assert_eq!(response, r#"{"is_active":true}"#);
    let requests = site.edx.requests();
    let call = requests.last().unwrap();
    assert_eq!(call.body_text(), Some(body));
    assert_eq!(call.header("content-length"), Some("14"));
    assert_eq!(
        proxy.send("POST", "/api/other", "Content-Length: 0").status,
        405
    );
}

#[test]
fn no_redirect_takes_a_write_to_where_none_is_allowed() {
    let site = Site::start();
    site.edx
        .on("DELETE", "/admin/1/", MockResponse::json(200, "{}"));
    for status in [307, 308] {
        let away = MockResponse::redirect(status, "/admin/1/");
        site.edx.on("DELETE", "/api/1/", away);
        let proxy = Proxy::with(&site, site.edx.url(), &["--allow-writes", "/api"]);

        let received = proxy.send("DELETE", "/api/1/", "");

        assert_eq!(received.status, status, "{received:?}");
        assert_eq!(received.header("location"), Some("/admin/1/"));
    }
    let requests = site.edx.requests();
    assert!(requests.iter().all(|request| request.path() != "/admin/1/"));
}

/// What the API says at the other place is no result of the write, which it has done.
#[test]
fn a_redirect_after_a_write_goes_to_the_program() {
    let site = Site::start();
    let proxy = Proxy::with(&site, site.edx.url(), &["--allow-writes", "/api"]);
    let (path, done) = ("/api/1/", "/api/v1/done/course-v1:edX+Demo%2F?a=b");
    site.edx.on("POST", path, MockResponse::redirect(303, done));

    for busy in [MockResponse::throttled(7), MockResponse::json(200, "{}")] {
        site.edx
            .on("GET", "/api/v1/done/course-v1:edX+Demo%2F", busy);
        let received = proxy.send("POST", path, "Content-Length: 0");

        assert_eq!(received.status, 303, "{received:?}");
        let through = format!("{}{done}", proxy.url()).to_ascii_lowercase();
        assert_eq!(received.header("location"), Some(through.as_str()));
        assert_eq!(received.header("retry-after"), None);
    }
}

#[test]
fn the_response_to_a_write_at_an_unusual_path_is_its_own() {
    let site = Site::start();
    let proxy = Proxy::with(&site, site.edx.url(), &["--allow-writes", "/api"]);
    for path in ["/api/course-v1:edX+Demo%2f", "/api/a|b'c", "/api//a~"] {
        site.edx.on("POST", path, MockResponse::json(201, "{}"));

        let received = proxy.send("POST", &format!("{path}?q='a|b"), "Content-Length: 0");

        assert_eq!(received.status, 201, "{path}: {received:?}");
    }
}
