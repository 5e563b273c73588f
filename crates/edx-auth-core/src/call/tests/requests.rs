//! What is sent: headers, bodies, tokens.

use http::header::{CONTENT_LENGTH, CONTENT_TYPE};

use super::*;
use crate::exchange::TransportRules;

fn sent(call: ApiCall) -> Request<Vec<u8>> {
    Scene::fixed(call).sent()
}

fn length(request: &Request<Vec<u8>>) -> Option<&str> {
    let length = request.headers().get(CONTENT_LENGTH)?;
    length.to_str().ok()
}

#[test]
fn a_request_has_the_method_the_url_and_the_token() {
    let call = call(Method::DELETE);
    assert_eq!(call.method(), Method::DELETE);

    let request = sent(call);

    assert_eq!(request.method(), Method::DELETE);
    assert_eq!(request.uri().to_string(), URL);
    assert_eq!(request.headers()[AUTHORIZATION], "JWT fixed");
}

#[test]
fn query_parameters_are_added_to_the_url() {
    let request = sent(call(Method::GET).query("page_size=100&org=edX").unwrap());

    assert_eq!(request.uri().query(), Some("page_size=100&org=edX"));
}

#[test]
fn the_token_is_marked_as_sensitive() {
    assert!(sent(call(Method::GET)).headers()[AUTHORIZATION].is_sensitive());
}

#[test]
fn default_headers_are_added_unless_they_are_set() {
    let plain = sent(call(Method::GET));
    let own = sent(call(Method::GET).headers(headers(&[("accept", "text/csv"), ("x-own", "1")])));

    assert_eq!(plain.headers()[ACCEPT], "application/json");
    assert_eq!(plain.headers()[ACCEPT_LANGUAGE], "en");
    assert_eq!(own.headers()[ACCEPT], "text/csv");
    assert_eq!(own.headers()[ACCEPT_LANGUAGE], "en");
    assert_eq!(own.headers()["x-own"], "1");
    assert_eq!(own.headers().get_all(ACCEPT).iter().count(), 1);
}

#[test]
fn the_token_replaces_the_callers_authorization() {
    let own = headers(&[("authorization", "Basic eDp5")]);

    let request = sent(call(Method::GET).headers(own));

    let all = request.headers().get_all(AUTHORIZATION);
    assert!(all.iter().eq(["JWT fixed"]), "{all:?}");
}

#[test]
fn an_empty_body_has_a_length_if_a_server_may_wait_for_one() {
    for (method, expected) in [
        (Method::POST, Some("0")),
        (Method::PUT, Some("0")),
        (Method::PATCH, Some("0")),
        (Method::GET, None),
        (Method::HEAD, None),
        (Method::DELETE, None),
    ] {
        assert_eq!(length(&sent(call(method.clone()))), expected, "{method}");
    }
}

#[test]
fn the_callers_length_counts_only_for_a_body_that_can_be_sent_once() {
    for (body, expected) in [
        (CallBody::Empty, Some("0")),
        (CallBody::Repeatable, None),
        (CallBody::Once, Some("7")),
    ] {
        let call = call(Method::POST).body(body);
        let request = sent(call.headers(headers(&[("content-length", "7")])));

        assert_eq!(length(&request), expected, "{body:?}");
    }
}

#[test]
fn a_request_has_a_body_if_the_call_has_one() {
    for (body, expected) in [
        (CallBody::Empty, &b""[..]),
        (CallBody::Repeatable, b"body"),
        (CallBody::Once, b"body"),
    ] {
        let request = Scene::fixed(call(Method::POST).body(body)).send();

        assert_eq!(request.has_body(), !expected.is_empty(), "{body:?}");
        assert_eq!(request.with_body(b"body".to_vec()).body(), expected);
    }
}

#[test]
fn a_dropped_body_is_not_sent() {
    let with_type = headers(&[
        ("content-type", "application/json"),
        ("content-length", "4"),
    ]);
    for body in [CallBody::Repeatable, CallBody::Once] {
        let mut scene = Scene::fixed(call(Method::POST).body(body).headers(with_type.clone()));
        let _request = scene.send();
        scene.redirect(303, "/done");

        let request = scene.sent();

        assert_eq!(request.method(), Method::GET, "{body:?}");
        assert!(request.body().is_empty(), "{body:?}");
        assert!(!request.headers().contains_key(CONTENT_TYPE), "{body:?}");
        assert_eq!(length(&request), None, "{body:?}");
    }
}

#[test]
fn a_request_says_whether_its_url_is_https() {
    let origins = Origins::none().allow("http://127.0.0.1:8000").unwrap();
    let plain = ApiCall::new(Method::GET, "http://127.0.0.1:8000/", origins).unwrap();

    let plain = Scene::fixed(plain).send();
    let request = Scene::fixed(call(Method::HEAD)).send();

    assert!(!plain.is_https() && request.is_https());
    assert_eq!(request.method(), Method::HEAD);
}

#[test]
fn the_rules_have_the_calls_timeout_and_scheme() {
    let request = Scene::fixed(call(Method::GET).timeout(SECOND)).send();

    assert_eq!(request.rules(), TransportRules::of_call(SECOND, true));
}

#[test]
fn debug_shows_neither_the_token_nor_the_query() {
    let call = call(Method::GET).query("username=ada").unwrap();
    let mut scene = Scene::fixed(call);

    let request = scene.send();

    for shown in [format!("{request:?}"), format!("{:?}", scene.call)] {
        assert!(shown.contains(URL), "{shown}");
        assert!(!shown.contains("JWT fixed"), "{shown}");
        assert!(!shown.contains("ada"), "{shown}");
    }
}
