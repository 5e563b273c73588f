//! What is told at TRACE, by us and by the HTTP stacks. A binary of its own: it listens to the whole
//! process.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test ends where its expectation does"
)]

mod listener;
mod program;
mod secrets;

use std::collections::BTreeSet;

use edx_auth_testkit::{MockEdx, Reply};
use edx_auth_tests::openedx::AWKWARD_CLIENT;

use listener::Line;
use program::{DRIVERS, PERSONAL, Program};
use secrets::Secrets;

#[test]
fn nothing_that_we_tell_holds_a_secret() {
    for driver in DRIVERS {
        let (lines, secrets) = heard_of_a_day(driver);

        let ours = lines.iter().filter(|line| line.target == "edx_auth");
        let tells = |line: &&Line| secrets.are_in(&line.text) || line.text.contains(PERSONAL);
        let leaks: Vec<_> = ours.filter(tells).collect();
        assert!(leaks.is_empty(), "{leaks:#?}");
    }
}

/// Should one of them tell more, or less, somebody has to know: the crates' documentation names
/// these.
#[test]
fn the_targets_of_the_http_stacks_that_tell_secrets_are_known() {
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
fn each_turn_in_a_tokens_life_is_told_once() {
    for driver in DRIVERS {
        let (lines, _) = heard_of_a_day(driver);

        let ours = lines.iter().filter(|line| line.target == "edx_auth");
        let told: Vec<_> = ours.map(Line::headline).collect();

        assert_eq!(told, DAY, "{}", driver.name);
    }
}

#[test]
fn an_exchange_is_a_span_by_the_names_of_opentelemetry() {
    for driver in DRIVERS {
        let edx = site();
        edx.next_request(MockEdx::TOKEN_PATH, Reply::html(503, "<h1>Sorry</h1>"));

        let lines = listener::heard(|| drop((driver.run)(&edx, Program::Hasty)));

        let closed = lines.iter().find(|line| line.text.contains("close"));
        let span = &closed.unwrap().text;
        for field in [
            "token exchange{",
            "otel.kind=\"client\"",
            "http.request.method=\"POST\"",
            &format!("url.full={}", edx.token_url()),
            "server.address=\"127.0.0.1\"",
            "http.response.status_code=503",
            "error.type=Unavailable",
        ] {
            assert!(span.contains(field), "{}: {field} in {span}", driver.name);
        }
    }
}

/// A site in trouble at first, a token refused, a list with trouble in it, a pair that is unknown.
fn heard_of_a_day(driver: program::Driver) -> (Vec<Line>, Secrets) {
    let edx = site();
    edx.next_request(MockEdx::TOKEN_PATH, Reply::html(503, "<h1>Sorry</h1>"));
    let mut tokens = Vec::new();
    let lines = listener::heard(|| tokens = (driver.run)(&edx, Program::Day));
    let secrets = Secrets::of(AWKWARD_CLIENT.secret, &tokens);
    (lines, secrets)
}

fn site() -> MockEdx {
    let site = MockEdx::builder().client(AWKWARD_CLIENT.id, AWKWARD_CLIENT.secret);
    site.start().unwrap()
}

/// The end of an exchange, `close`, is its span's.
const DAY: [&str; 19] = [
    "DEBUG elected to get a token",
    "DEBUG close",
    "WARN no token, paused",
    "DEBUG elected to get a token",
    "DEBUG close",
    "DEBUG token renewed",
    "WARN token refused, will be renewed",
    "DEBUG elected to get a token",
    "DEBUG close",
    "DEBUG token renewed",
    "WARN page put off",
    "INFO credentials rotated",
    "DEBUG elected to get a token",
    "DEBUG close",
    "ERROR no token, until somebody mends this",
    "INFO credentials rotated",
    "DEBUG elected to get a token",
    "DEBUG close",
    "DEBUG no token, still",
];
