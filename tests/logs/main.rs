//! What is logged at TRACE, by us and by the HTTP stacks. A separate binary, because it captures the
//! logs of the whole process.
#![allow(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where its expectation does"
)]

mod listener;
mod program;
mod secrets;

use std::collections::BTreeSet;

use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::clients::age_tokens;
use edx_auth_tests::openedx::AWKWARD_CLIENT;

use listener::Line;
use program::{DRIVERS, PERSONAL, Program};
use secrets::Secrets;

#[test]
fn no_event_of_ours_contains_a_secret() {
    for driver in DRIVERS {
        let (lines, secrets) = heard_of_a_day(driver);

        let ours = lines.iter().filter(|line| line.target == "edx_auth");
        let tells = |line: &&Line| secrets.are_in(&line.text) || line.text.contains(PERSONAL);
        let leaks: Vec<_> = ours.filter(tells).collect();
        assert!(leaks.is_empty(), "{leaks:#?}");
    }
}

/// The crates' documentation lists these: it must change if one of them logs more or less.
#[test]
fn the_log_targets_of_the_http_stacks_with_secrets_are_known() {
    for (driver, known) in DRIVERS.into_iter().zip([&["ureq_proto::util"][..], &[]]) {
        let (lines, secrets) = heard_of_a_day(driver);

        let targets: BTreeSet<_> = lines.iter().map(|line| &*line.target).collect();
        let telling = targets.into_iter().filter(|target| {
            let lines: Vec<_> = lines.iter().filter(|line| line.target == *target).collect();
            secrets.are_told_by(&lines)
        });

        assert_eq!(telling.collect::<Vec<_>>(), known, "{}", driver.name);
        assert!(lines.len() > known.len(), "{}", driver.name);
    }
}

#[test]
fn each_change_of_the_token_is_logged_once() {
    for driver in DRIVERS {
        let (lines, _) = heard_of_a_day(driver);

        let ours = lines.iter().filter(|line| line.target == "edx_auth");
        let (rejections, others): (Vec<_>, Vec<_>) = ours
            .map(Line::headline)
            .partition(|headline| headline == REJECTED);

        assert_eq!(others, DAY, "{}", driver.name);
        // Logged by the caller while the worker logs the renewal.
        assert_eq!(rejections.len(), 1, "{}", driver.name);
    }
}

#[test]
fn a_deprecation_is_logged_without_personal_data() {
    for driver in DRIVERS {
        let (lines, _) = heard_of_a_day(driver);

        let deprecated = lines
            .iter()
            .find(|line| line.text.contains("is deprecated"));
        let text = &deprecated.unwrap().text;
        for field in [
            "server.address=\"127.0.0.1\"",
            "http.request.method=\"GET\"",
            "url.template=\"/api/old/v1/accounts/{}/\"",
            "edx_auth.deprecation=\"@1798761600\"",
            "edx_auth.sunset=\"[redacted]\"",
        ] {
            assert!(text.contains(field), "{}: {field} in {text}", driver.name);
        }
    }
}

#[test]
fn every_event_and_span_of_ours_names_its_source() {
    for driver in DRIVERS {
        let (lines, _) = heard_of_a_day(driver);

        let ours = lines.iter().filter(|line| line.target == "edx_auth");
        let is_nameless = |line: &&Line| !line.text.contains("edx_auth.label=\"");
        let nameless: Vec<_> = ours.filter(is_nameless).collect();
        assert!(nameless.is_empty(), "{nameless:#?}");
    }
}

#[test]
fn the_outcome_of_a_token_request_is_told_within_its_span() {
    for driver in DRIVERS {
        let (lines, _) = heard_of_a_day(driver);

        let renewed = lines.iter().filter(|line| line.headline() == RENEWED);
        let are_within: Vec<_> = renewed
            .map(|line| line.text.starts_with("token request{"))
            .collect();
        assert_eq!(are_within, [true, true], "{}", driver.name);
    }
}

#[test]
fn an_exchange_is_a_span_with_opentelemetry_names() {
    for driver in DRIVERS {
        let edx = site();
        edx.next_request(
            MockEdx::TOKEN_PATH,
            MockResponse::html(503, "<h1>Sorry</h1>"),
        );

        let lines = listener::heard(|| drop((driver.run)(&edx, Program::Hasty)));

        let closed = lines.iter().find(|line| line.text.contains("close"));
        let span = &closed.unwrap().text;
        for field in [
            "token request{",
            "otel.kind=\"client\"",
            "http.request.method=\"POST\"",
            &format!("url.full={}", edx.token_url()),
            "server.address=\"127.0.0.1\"",
            &format!("server.port={}", edx.address().port()),
            "edx_auth.reason=Cold",
            "http.response.status_code=503",
            "error.type=Unavailable",
            "otel.status_code=\"error\"",
        ] {
            assert!(span.contains(field), "{}: {field} in {span}", driver.name);
        }
    }
}

#[test]
fn the_status_of_every_response_is_in_its_span() {
    for driver in DRIVERS {
        let (lines, _) = heard_of_a_day(driver);

        let statuses: Vec<_> = spans(&lines)
            .map(|span| (number(span, "http.response.status_code="), error_type(span)))
            .collect();

        let expected = [
            (Some(503), Some("Unavailable")),
            (Some(200), None),
            (Some(200), None),
            // The program is asked for new credentials before the renewal counts as failed.
            (Some(401), Some("\"401\"")),
            (Some(401), Some("\"401\"")),
        ];
        assert_eq!(statuses, expected, "{}", driver.name);
    }
}

#[test]
fn a_refused_connection_is_the_innermost_cause() {
    for driver in DRIVERS {
        let edx = site();
        let token_url = edx.token_url();
        drop(edx);

        let lines = listener::heard(|| (driver.ask_once)(&token_url));

        let ours: Vec<_> = lines
            .iter()
            .filter(|line| line.target == "edx_auth")
            .collect();
        let failed: Vec<_> = ours
            .iter()
            .filter(|line| line.headline().starts_with("WARN token renewal failed"))
            .collect();
        assert_eq!(failed.len(), 1, "{}: {ours:#?}", driver.name);
        let text = &failed[0].text;
        for field in [
            &*format!("error.message=the token endpoint {token_url} could not be reached"),
            "error.cause=\"Connection refused (os error ",
            "edx_auth.backoff_ms=",
        ] {
            assert!(text.contains(field), "{}: {field} in {text}", driver.name);
        }
        let span = spans(&lines).next().unwrap();
        assert_eq!(
            error_type(span),
            Some("Transport(NotSent)"),
            "{}",
            driver.name
        );
        assert_eq!(
            number(span, "http.response.status_code="),
            None,
            "{}",
            driver.name
        );
    }
}

/// Returns the spans of token requests, in the order in which they closed.
fn spans(lines: &[Line]) -> impl Iterator<Item = &str> {
    let ours = lines.iter().filter(|line| line.target == "edx_auth");
    let closed = ours.filter(|line| line.headline().starts_with("DEBUG close"));
    closed.map(|line| &*line.text)
}

fn number(text: &str, field: &str) -> Option<u16> {
    let (_, value) = text.split_once(field)?;
    let digits = value.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

fn error_type(span: &str) -> Option<&str> {
    let (_, value) = span.split_once("error.type=")?;
    value.split([' ', '}']).next()
}

/// Runs [`Program::Day`], and returns what is logged and the secrets that it had.
fn heard_of_a_day(driver: program::Driver) -> (Vec<Line>, Secrets) {
    let edx = site();
    edx.next_request(
        MockEdx::TOKEN_PATH,
        MockResponse::html(503, "<h1>Sorry</h1>"),
    );
    let announcing = MockResponse::json(200, "{}")
        .header("Deprecation", "@1798761600")
        .header("Sunset", "JWT eyJ0.e30.x");
    edx.on("GET", program::DEPRECATED, announcing);
    let mut tokens = Vec::new();
    let lines = listener::heard(|| tokens = (driver.run)(&edx, Program::Day));
    let secrets = Secrets::of(AWKWARD_CLIENT.secret, &tokens);
    (lines, secrets)
}

fn site() -> MockEdx {
    let site = MockEdx::builder().client(AWKWARD_CLIENT.id, AWKWARD_CLIENT.secret);
    let site = site.start().unwrap();
    age_tokens(&site);
    site
}

/// The event `close` ends the span of a token request.
const DAY: [&str; 16] = [
    "WARN token renewal failed; it is retried after the backoff",
    "DEBUG close",
    "DEBUG token renewed",
    "DEBUG close",
    "DEBUG token renewed",
    "DEBUG close",
    "WARN an API is deprecated or will be removed; call its successor instead",
    "WARN a page of a list could not be fetched; it is fetched again after the wait",
    "DEBUG the program announced new client credentials; it is asked for them",
    "INFO client credentials changed; the next token is requested with the new ones",
    // The program is asked for other client credentials before the renewal counts as failed.
    "DEBUG close",
    "ERROR token renewal failed; retrying does not help until its cause is fixed",
    "DEBUG the program announced new client credentials; it is asked for them",
    "INFO client credentials changed; the next token is requested with the new ones",
    "DEBUG close",
    "DEBUG token renewal failed again; its cause is not fixed yet",
];

const RENEWED: &str = "DEBUG token renewed";

const REJECTED: &str = "WARN an API rejected the token; it will be renewed";
