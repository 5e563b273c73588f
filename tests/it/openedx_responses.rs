//! Sends every recorded request that a plain site can handle to a real Open edX again, and compares
//! the response with the recorded one.

use std::time::{SystemTime, UNIX_EPOCH};

use edx_auth_tests::openedx::{OpenEdx, Options};
use edx_auth_tests::responses::{PLATFORM_ONLY, PROTECTED, RATE_LIMIT, Row, TOKEN, Tokens};
use http::Request;
use http::header::{CONTENT_LANGUAGE, RETRY_AFTER, VARY, X_FRAME_OPTIONS};

#[test]
fn token_requests_get_the_recorded_responses() {
    let Some(site) = OpenEdx::start_or_skip(&Options::default()) else {
        return;
    };

    let differences = differences(&site, TOKEN.iter().chain(PLATFORM_ONLY), &Tokens::default());

    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn tokens_are_accepted_and_rejected_as_recorded() {
    let Some(site) = OpenEdx::start_or_skip(&Options::default()) else {
        return;
    };

    let differences = differences(&site, PROTECTED, &tokens(&site));

    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn requests_are_throttled_as_recorded() {
    // By the hour, because a shorter window could end between two of the requests.
    let options = Options::default().rate_limit("3/h");
    let Some(site) = OpenEdx::start_or_skip(&options) else {
        return;
    };

    let differences = differences(&site, RATE_LIMIT, &Tokens::default());

    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[test]
fn a_throttled_request_gets_no_retry_after() {
    let options = Options::default().rate_limit("0/h");
    let Some(site) = OpenEdx::start_or_skip(&options) else {
        return;
    };
    let [first, ..] = TOKEN else {
        panic!("an empty table")
    };

    let response = site.send(&first.request.render(&Tokens::default()));

    assert_eq!(response.status(), 429);
    assert_eq!(response.headers().get(RETRY_AFTER), None);
}

#[test]
fn every_response_has_the_headers_of_the_platform() {
    let Some(site) = OpenEdx::start_or_skip(&Options::default()) else {
        return;
    };

    let response = site.send(&a_good_request());

    assert_eq!(response.headers()[X_FRAME_OPTIONS], "DENY");
    assert_eq!(response.headers()[VARY], "Accept-Language, Cookie");
    assert_eq!(response.headers()[CONTENT_LANGUAGE], "en");
}

#[test]
fn a_row_has_no_differences_from_its_own_response() {
    for row in [TOKEN, PROTECTED, RATE_LIMIT, PLATFORM_ONLY]
        .into_iter()
        .flatten()
    {
        for response in row.responses() {
            let differences = response.differences(&response.render(), "http://localhost:18000");

            assert!(differences.is_empty(), "{}: {differences:?}", row.case);
        }
    }
}

fn a_good_request() -> Request<Vec<u8>> {
    TOKEN[0].request.render(&Tokens::default())
}

/// Returns one line for each difference between the site's response and the recorded one.
fn differences<'a>(
    site: &OpenEdx,
    rows: impl IntoIterator<Item = &'a Row>,
    tokens: &Tokens,
) -> Vec<String> {
    let sendable = rows.into_iter().filter(|row| row.vector_only.is_none());
    let differences = sendable.flat_map(|row| {
        let response = site.send(&row.request.render(tokens));
        let differences = row.response.differences(&response, site.url());
        differences
            .into_iter()
            .map(|difference| format!("{}: {difference}", row.case))
    });
    differences.collect()
}

fn tokens(site: &OpenEdx) -> Tokens {
    let since_epoch = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a clock set right");
    Tokens {
        issued: site.issue("jwt"),
        opaque: site.issue("bearer"),
        issuer: site.issuer(),
        key: Options::SIGNING_KEY.to_owned(),
        now: since_epoch.as_secs(),
    }
}
