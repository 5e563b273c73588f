//! Every recorded error of the newer APIs, read by the core. [`EXPECTED`] lists what each of them means.

use edx_auth_core::{AccessToken, Problem, TokenType, Verdict};
use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use edx_auth_tests::clients::{CLIENTS, Call, Setup};
use edx_auth_tests::responses::{ENVELOPE, Row};
use edx_auth_tests::timeout::within_timeout;
use serde_json::json;

#[test]
fn every_recorded_error_means_what_is_listed() {
    let read = ENVELOPE.iter().map(|row| verdict(row, "en"));
    let read: Vec<_> = ENVELOPE.iter().map(|row| row.case).zip(read).collect();

    let expected = EXPECTED.map(|(case, verdict, ..)| (case, verdict.to_owned()));
    assert_eq!(read, expected);
}

#[test]
fn verdicts_do_not_depend_on_the_language_of_details() {
    for row in ENVELOPE {
        assert_eq!(verdict(row, "de"), verdict(row, "en"), "{}", row.case);
    }
}

#[test]
fn every_recorded_error_is_a_typed_problem() {
    for (row, (case, _, slug, detail, errors)) in ENVELOPE.iter().zip(EXPECTED) {
        let response = row.response.render();
        let problem = Problem::of(response.status(), response.body());

        assert_eq!(problem.status().as_u16(), row.response.status, "{case}");
        assert_eq!(problem.slug(), Some(slug), "{case}");
        assert!(problem.title().is_some(), "{case}");
        assert_eq!(problem.detail(), Some(detail), "{case}");
        assert!(problem.instance().is_some(), "{case}");
        assert_eq!(problem.errors().collect::<Vec<_>>(), errors, "{case}");
    }
}

#[test]
fn a_failed_response_has_its_problem_among_its_extensions() {
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            let client = (library.new_client)(Setup::of(&edx));
            let body =
                r#"{"type":"https://docs.openedx.org/errors/validation","errors":{"a":["b"]}}"#;
            edx.next_request("/api/", MockResponse::json(400, body));
            edx.next_request("/api/", MockResponse::json(200, body));
            let call = || {
                client
                    .call(Call::get(edx.url().to_owned() + "/api/"))
                    .unwrap()
            };

            let (failed, succeeded) = (call(), call());

            let problem = failed.problem.unwrap();
            assert_eq!(problem.slug(), Some("validation"), "{}", library.name);
            assert!(problem.errors().eq([("a", "b")]), "{}", library.name);
            assert_eq!(failed.body, body.as_bytes(), "{}", library.name);
            assert_eq!(succeeded.problem, None, "{}", library.name);
        });
    }
}

#[test]
fn every_recorded_error_means_the_same_to_both_clients_in_every_language() {
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
            let client = (library.new_client)(Setup {
                fixed: Some(token),
                ..Setup::of(&edx)
            });
            for (row, (case, verdict, slug, ..)) in ENVELOPE.iter().zip(EXPECTED) {
                for language in ["en", "de"] {
                    edx.on("GET", "/api/", in_language(row, language));
                    let call = Call::get(edx.url().to_owned() + "/api/");

                    let response = client.call(call.header("Accept-Language", language));

                    let response = response.unwrap();
                    let name = library.name;
                    let meant = format!("{:?}", response.verdict.unwrap());
                    assert_eq!(meant, verdict, "{name}: {case}, {language}");
                    let problem = response.problem.unwrap();
                    assert_eq!(problem.slug(), Some(slug), "{name}: {case}, {language}");
                    let sent = edx.requests().pop().unwrap();
                    assert_eq!(sent.header("accept-language"), Some(language), "{name}");
                }
            }
        });
    }
}

#[test]
fn a_proxy_that_drops_the_token_for_a_minute_costs_no_token_request() {
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            let client = (library.new_client)(Setup::of(&edx));
            let call = || client.call(Call::get(edx.catalogs_url())).unwrap();
            let unseen = in_language(&ENVELOPE[0], "en");
            assert_eq!(call().status, 200);

            edx.on("GET", MockEdx::CATALOGS_PATH, unseen);
            for _ in 0..60 {
                let advice = call().verdict.unwrap().advice();
                assert!(advice.contains("a proxy that drops"), "{advice}");
            }
            let listing = client.pages(&edx.catalogs_url());
            edx.on("GET", MockEdx::CATALOGS_PATH, Behavior::pass_through());

            assert!(!listing.broken.unwrap().failure.is_retryable);
            assert_eq!(call().status, 200, "{}", library.name);
            assert_eq!(edx.token_requests(), 1, "{}", library.name);
            assert_eq!(edx.requests().len(), 64, "{}", library.name);
        });
    }
}

#[test]
fn the_mock_sends_the_recorded_errors() {
    for row in ENVELOPE {
        let recorded = row.response.render();
        let error: serde_json::Value = serde_json::from_slice(recorded.body()).unwrap();
        let plain = match error.get("errors") {
            Some(errors) => errors.clone(),
            None => json!({"detail": error["detail"]}),
        };
        let response = MockResponse::json(row.response.status, plain.to_string());

        let sent = response.as_problem(error["instance"].as_str().unwrap());

        let sent = String::from_utf8(sent.to_bytes()).unwrap();
        let (_, body) = sent.split_once("\r\n\r\n").unwrap();
        assert_eq!(body.as_bytes(), recorded.body(), "{}", row.case);
    }
}

/// Classifies a recorded error, with its detail in this language.
fn verdict(row: &Row, language: &str) -> String {
    let (head, _) = row.response.render().into_parts();
    let body = body(row, language);
    format!(
        "{:?}",
        Verdict::of(head.status, &head.headers, body.as_bytes())
    )
}

/// Returns a recorded error as a site sends it, with its detail in this language.
fn in_language(row: &Row, language: &str) -> MockResponse {
    let response = MockResponse::json(row.response.status, body(row, language));
    let headers = row.response.headers.iter();
    headers.fold(response, |response, (name, value)| {
        response.header(*name, *value)
    })
}

fn body(row: &Row, language: &str) -> String {
    let body = row.response.render().into_body();
    let mut body: serde_json::Value = serde_json::from_slice(&body).expect("a recorded object");
    if language == "de" {
        body["detail"] = "Das ist fehlgeschlagen.".into();
    }
    body.to_string()
}

type Expected = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// Case, verdict, slug, detail and errors.
#[rustfmt::skip] // read as a table
const EXPECTED: [Expected; 13] = [
    ("a scheme that the view does not take", "TokenNotReceived", "authn", "Authentication credentials were not provided.", &[]),
    ("a malformed token", "TokenRejected", "authn", "Invalid token.", &[]),
    ("an expired token", "TokenRejected", "authn", "Invalid token.", &[]),
    ("a malformed token, at drf-jwt's authentication", "TokenRejected", "authn", "Error decoding token.", &[]),
    ("an expired token, at drf-jwt's authentication", "TokenRejected", "authn", "Token has expired.", &[]),
    ("a rejected token, where the first authenticator names no scheme", "TokenRejected", "authn", "Invalid token.", &[]),
    ("no permission", "Forbidden", "authz", "You do not have permission to perform this action.", &[]),
    ("an unknown object", "NotFound", "not-found", "Not found.", &[]),
    ("an unknown object, at a view of stored objects", "NotFound", "internal", "No Group matches the given query.", &[]),
    ("an invalid field", "Other", "validation", "{'course_id': [ErrorDetail(string='Invalid course id.', code='invalid')]}", &[("course_id", "Invalid course id.")]),
    ("a conflict", "Other", "conflict", "A conflict occurred.", &[]),
    ("too many requests", "Throttled { wait: 60s }", "rate-limited", "Request was throttled. Expected available in 60 seconds.", &[]),
    ("a request body that is not JSON", "Other", "internal", "JSON parse error - Expecting value: line 1 column 1 (char 0)", &[]),
];
