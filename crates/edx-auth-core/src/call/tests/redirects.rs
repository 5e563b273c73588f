//! Redirects: by which method, with which headers, and how far.

use http::header::{CONTENT_TYPE, COOKIE, HOST, PROXY_AUTHORIZATION};

use super::*;

/// Sends a call and redirects it.
fn redirected(call: ApiCall, status: u16, location: &str) -> Scene {
    let mut scene = Scene::fixed(call);
    let _request = scene.send();
    scene.redirect(status, location);
    scene
}

#[test]
fn the_status_and_the_method_decide_how_a_redirect_is_followed() {
    use Method as M;
    for (status, method, goes_on) in [
        (301, M::GET, Some((M::GET, true))),
        (301, M::HEAD, Some((M::HEAD, true))),
        (301, M::POST, None),
        (302, M::PATCH, None),
        (303, M::GET, Some((M::GET, true))),
        (303, M::HEAD, Some((M::HEAD, true))),
        (303, M::POST, Some((M::GET, false))),
        (307, M::POST, Some((M::POST, true))),
        (308, M::DELETE, Some((M::DELETE, true))),
        (300, M::GET, None),
        (304, M::GET, None),
        (305, M::GET, None),
    ] {
        let call = call(method.clone()).body(CallBody::Repeatable);
        let mut scene = redirected(call, status, "/there?page=2");

        let went_on = match scene.poll() {
            CallStep::Send(request) => Some((request.method().clone(), request.has_body())),
            _ => None,
        };

        assert_eq!(went_on, goes_on, "{status} {method}");
        if goes_on.is_some() {
            let there = "https://api.edx.org/there?page=2";
            assert_eq!(scene.call.url().to_string(), there, "{status} {method}");
        }
    }
}

#[test]
fn a_body_that_can_be_sent_once_follows_no_redirect_that_needs_it() {
    for status in [301, 302, 307, 308] {
        let call = call(Method::PUT).body(CallBody::Once);
        let mut scene = redirected(call, status, "/elsewhere");

        assert_eq!(scene.delivered().0, Verdict::Redirected, "{status}");
    }
}

#[test]
fn a_redirected_call_carries_the_token() {
    let mut scene = redirected(call(Method::GET), 302, "https://discovery.edx.org/api/");

    let request = scene.sent();

    assert_eq!(request.uri().to_string(), "https://discovery.edx.org/api/");
    assert_eq!(request.headers()[AUTHORIZATION], "JWT fixed");
}

#[test]
fn a_redirect_out_of_the_origins_is_delivered() {
    for location in [
        "http://api.edx.org:8000/catalog/v1/catalogs/",
        "https://api.edx.org:80/",
        "https://api.edx.org:8443/",
        "https://api.edx.org.evil.example/",
        "https://api.edx.org@evil.example/",
        "https://evil.example/",
        "//evil.example/",
        "\\\\evil.example/",
        "https:evil.example",
        "ftp://api.edx.org/",
        "https://api.edx.org./",
        "https://[::1/",
    ] {
        let mut scene = redirected(call(Method::GET), 302, location);

        assert_eq!(scene.delivered().0, Verdict::Redirected, "{location}");
        assert_eq!(scene.call.url().to_string(), URL, "{location}");
    }
}

#[test]
fn a_redirect_to_plain_http_on_an_allowed_host_is_followed_over_https() {
    for (location, there) in [
        (
            "http://api.edx.org/catalog/?page=2",
            "https://api.edx.org/catalog/?page=2",
        ),
        (
            "http://api.edx.org:80/catalog/",
            "https://api.edx.org/catalog/",
        ),
    ] {
        let mut scene = redirected(call(Method::GET), 301, location);

        assert_eq!(scene.sent().uri().to_string(), there);
    }
}

#[test]
fn a_redirect_to_a_login_page_is_delivered() {
    for status in [301, 302, 303, 307, 308] {
        for method in [Method::GET, Method::POST] {
            let call = call(method.clone()).body(CallBody::Repeatable);
            let mut scene = redirected(call, status, "/login?next=%2Fapi%2Fx%2F");

            assert_eq!(
                scene.delivered().0,
                Verdict::Redirected,
                "{status} {method}"
            );
            assert_eq!(scene.call.url().to_string(), URL, "{status} {method}");
        }
    }
}

#[test]
fn a_program_that_calls_a_login_page_may_be_redirected() {
    let url = "https://api.edx.org/api/user/v1/login";
    let call = ApiCall::new(Method::GET, url, Origins::edx()).unwrap();
    let mut scene = redirected(call, 301, "/api/user/v1/login/");

    assert_eq!(scene.sent().uri().path(), "/api/user/v1/login/");
}

#[test]
fn a_redirect_without_a_location_is_delivered() {
    let mut scene = Scene::fixed(call(Method::GET));
    let _request = scene.send();

    scene.respond(302);

    assert_eq!(scene.delivered().0, Verdict::Redirected);
}

#[test]
fn ten_redirects_are_followed_and_no_more() {
    let mut scene = Scene::fixed(call(Method::GET));

    for _ in 0..10 {
        let _request = scene.send();
        scene.redirect(302, "?again");
    }
    let _request = scene.send();
    scene.redirect(302, "?again");

    assert_eq!(scene.delivered().0, Verdict::Redirected);
}

#[test]
fn a_redirect_drops_the_headers_of_a_dropped_body_and_of_another_origin() {
    let followed = |status, location| {
        let own = headers(&[
            ("content-type", "application/json"),
            ("cookie", "session=1"),
            ("host", "api.edx.org"),
            ("proxy-authorization", "Basic eDp5"),
            ("x-own", "1"),
        ]);
        let call = call(Method::POST).body(CallBody::Repeatable).headers(own);
        let request = redirected(call, status, location).sent();
        assert_eq!(request.headers()["x-own"], "1");
        assert_eq!(request.headers()[ACCEPT], "application/json");
        let has = |name| request.headers().contains_key(name);
        let of_an_origin = [COOKIE, HOST, PROXY_AUTHORIZATION].map(has);
        (has(CONTENT_TYPE), of_an_origin)
    };

    assert_eq!(followed(307, "/there"), (true, [true; 3]));
    assert_eq!(followed(303, "/there"), (false, [true; 3]));
    let elsewhere = "https://discovery.edx.org/";
    assert_eq!(followed(307, elsewhere), (true, [false; 3]));
    assert_eq!(followed(303, elsewhere), (false, [false; 3]));
}
