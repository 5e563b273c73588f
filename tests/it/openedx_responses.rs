//! Sends every recorded request that a plain site can handle to a real Open edX again, of both releases,
//! and compares the response with the recorded one.

use std::time::{SystemTime, UNIX_EPOCH};

use edx_auth_tests::openedx::{OpenEdx, Options, Release};
use edx_auth_tests::responses::{
    ENVELOPE, PLATFORM_ONLY, PROTECTED, RATE_LIMIT, Row, TOKEN, Tokens,
};
use http::Request;
use http::header::{CONTENT_LANGUAGE, RETRY_AFTER, VARY, X_FRAME_OPTIONS};

#[test]
fn token_requests_get_the_recorded_responses() {
    for site in OpenEdx::of_each_release(&Options::default()) {
        let rows = TOKEN.iter().chain(PLATFORM_ONLY);

        assert_no_differences(&site, rows, &Tokens::default());
    }
}

#[test]
fn tokens_are_accepted_and_rejected_as_recorded() {
    for site in OpenEdx::of_each_release(&Options::default()) {
        assert_no_differences(&site, PROTECTED, &tokens(&site));
    }
}

#[test]
fn the_errors_of_newer_views_are_as_recorded() {
    let options = Options::default().release(Release::Newest);
    if let Some(site) = OpenEdx::start_or_skip(&options) {
        assert_no_differences(&site, ENVELOPE, &tokens(&site));
    }
}

#[test]
fn requests_are_throttled_as_recorded() {
    // By the hour, because a shorter window could end between two of the requests.
    let options = Options::default().rate_limit("3/h");
    for site in OpenEdx::of_each_release(&options) {
        assert_no_differences(&site, RATE_LIMIT, &Tokens::default());
    }
}

#[test]
fn a_throttled_request_gets_no_retry_after() {
    let options = Options::default().rate_limit("0/h");
    for site in OpenEdx::of_each_release(&options) {
        let response = site.send(&a_good_request());

        assert_eq!(response.status(), 429);
        assert_eq!(response.headers().get(RETRY_AFTER), None);
    }
}

#[test]
fn every_response_has_the_headers_of_the_platform() {
    for site in OpenEdx::of_each_release(&Options::default()) {
        let response = site.send(&a_good_request());

        assert_eq!(response.headers()[X_FRAME_OPTIONS], "DENY");
        assert_eq!(response.headers()[VARY], "Accept-Language, Cookie");
        assert_eq!(response.headers()[CONTENT_LANGUAGE], "en");
    }
}

#[test]
fn a_row_equals_its_own_vector() {
    for row in [TOKEN, PROTECTED, RATE_LIMIT, PLATFORM_ONLY, ENVELOPE]
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

/// Compares the site's responses with those that are recorded of its releases.
#[track_caller]
fn assert_no_differences<'a>(
    site: &OpenEdx,
    rows: impl IntoIterator<Item = &'a Row>,
    tokens: &Tokens,
) {
    let sendable = rows.into_iter().filter(|row| row.vector_only.is_none());
    let differences: Vec<_> = sendable
        .flat_map(|row| {
            let response = site.send(&row.request.render(tokens));
            let expected = row.response_of(site.release());
            let differences = expected.differences(&response, site.url());
            differences
                .into_iter()
                .map(|difference| format!("{}: {difference}", row.case))
        })
        .collect();
    let release = site.release();
    assert!(
        differences.is_empty(),
        "{release:?}: {}",
        differences.join("\n")
    );
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
