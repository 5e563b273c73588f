//! Responses that are not token responses: of firewalls, wrong URLs, other programs.

use std::time::Duration;

use edx_auth_core::{Defect, ErrorKind, RenewalPolicy};
use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::debug_output;
use edx_auth_tests::drivers::Setup;

use super::{ask, exchange_error, kind, over_every_stack, setup};

#[test]
fn twelve_bodies_of_other_servers_get_specific_errors_and_are_not_quoted() {
    over_every_stack(|stack| {
        let edx = MockEdx::start().unwrap();
        for (name, response, expected) in responses() {
            edx.next_request(MockEdx::TOKEN_PATH, response);

            let error = ask(stack, setup(&edx)).unwrap_err();

            let case = format!("{} {name}", stack.name);
            assert_eq!(kind(&error), expected, "{case}");
            let shown = debug_output::of_error(&error).concat() + error.advice();
            assert!(!shown.contains(QUOTED), "{case}: {shown}");
            assert!(exchange_error(&error).status().is_some(), "{case}");
        }
        assert_eq!(edx.requests().len(), responses().len(), "{}", stack.name);
    });
}

#[test]
fn a_server_that_does_not_understand_the_request_gets_it_once() {
    over_every_stack(|stack| {
        let edx = MockEdx::start().unwrap();
        let page = MockResponse::html(400, "<h1>400 Bad Request</h1>");
        edx.on("POST", MockEdx::TOKEN_PATH, page);
        let source = (stack.new_source)(Setup {
            policy: retries_what_may_pass(),
            ..setup(&edx)
        });

        for _caller in 0..3 {
            let error = source.token().unwrap_err();
            assert!(!error.is_retryable(), "{} {error}", stack.name);
        }

        assert_eq!(edx.token_requests(), 1, "{}", stack.name);
    });
}

fn retries_what_may_pass() -> RenewalPolicy {
    let (moment, hour) = (Duration::from_millis(1), Duration::from_secs(60 * 60));
    let policy = RenewalPolicy::builder()
        .transient_backoff(moment, moment)
        .permanent_backoff(hour, hour);
    policy.build().unwrap()
}

#[rustfmt::skip] // read as a table
fn responses() -> [(&'static str, MockResponse, ErrorKind); 12] {
    use Defect::{Empty, NotJson, TokenMissing, WrongShape};
    use ErrorKind::{Malformed, Unavailable};
    let json = |body: &str| MockResponse::json(200, body);
    let html = |body: &str| MockResponse::html(200, body);
    let other = |kind: &str, body: &[u8]| MockResponse::new(200).header("Content-Type", kind).body(body);
    [
        ("a firewall", html("<html>Incident xyzzy-1234</html>"), Unavailable),
        ("a login page", html("\r\n <!DOCTYPE html><title>xyzzy-1234"), Unavailable),
        ("a page that says it is JSON", json("<p>xyzzy-1234</p>"), Unavailable),
        ("an index of some other API", other("text/xml", b"<?xml version=\"1.0\"?><xyzzy-1234/>"), Unavailable),
        ("nothing", json(""), Malformed(Empty)),
        ("no content", MockResponse::new(204), Malformed(Empty)),
        ("a captive portal", other("text/plain", b"xyzzy-1234 OK"), Malformed(NotJson)),
        ("a form", other("application/x-www-form-urlencoded", b"access_token=xyzzy-1234&token_type=JWT"), Malformed(NotJson)),
        ("a script", other("text/javascript", br#"cb({"access_token": "xyzzy-1234", "token_type": "JWT"});"#), Malformed(NotJson)),
        ("a picture", other("image/png", b"\x89PNG\r\n\x1a\n\0\0\0\rxyzzy-1234"), Malformed(NotJson)),
        ("a list", json(r#"["xyzzy-1234"]"#), Malformed(WrongShape)),
        ("another document", json(r#"{"issuer": "xyzzy-1234", "token_endpoint": "xyzzy-1234"}"#), Malformed(TokenMissing)),
    ]
}

const QUOTED: &str = "xyzzy-1234";
