//! The generated client, against a mock of edX.
#![allow(dead_code, reason = "the tests call all of the example but its main")]

#[path = "../examples/generated_client.rs"]
mod example;

use std::time::Duration;

use edx_auth_reqwest::{
    AuthorizedClient, ClientCredentials, RenewalPolicy, RequireSuccess as _, TokenEndpoint,
    TokenRequest, TokenSource,
};
use edx_auth_testkit::{MockEdx, MockResponse};
use example::discovery::{Client, Error};

#[tokio::test]
async fn a_list_and_a_course_are_read_with_one_token() {
    let (site, discovery) = start();

    let page = discovery.courses_list(None, Some(2)).await.unwrap();
    let course = discovery.courses_read("edX+12").await.unwrap();

    let keys: Vec<_> = page.results.iter().map(|course| &course.key).collect();
    assert_eq!(keys, ["edX+11", "edX+12"]);
    assert_eq!(course.title, "Course 12");
    assert_eq!(site.token_requests(), 1);
}

#[tokio::test]
async fn a_call_is_replayed_once_after_its_token_was_rejected() {
    let (site, discovery) = start();
    discovery.courses_list(None, None).await.unwrap();

    // Older than the grace for clock skew of `FOR_TESTS`.
    tokio::time::sleep(Duration::from_millis(5)).await;
    site.rotate_signing_key();
    let page = discovery.courses_list(None, None).await.unwrap();

    assert_eq!(page.results.len(), 10);
    let statuses = statuses_of(&site, COURSES);
    assert_eq!(statuses, [Some(200), Some(401), Some(200)]);
    assert_eq!(site.token_requests(), 2);
}

#[tokio::test]
async fn a_token_that_is_rejected_again_returns_the_401() {
    let (site, discovery) = start();
    site.on("GET", COURSES, MockResponse::json(401, "{}"));

    let error = discovery.courses_list(None, None).await.unwrap_err();

    let Error::UnexpectedResponse(response) = error else {
        panic!("{error}");
    };
    let error = response.require_success().unwrap_err();
    assert!(error.to_string().contains("401"), "{error}");
    assert_eq!(statuses_of(&site, COURSES), [Some(401), Some(401)]);
}

#[tokio::test]
async fn a_call_without_a_token_returns_what_to_do() {
    let (site, discovery) = start();
    site.revoke(site.client_id());

    let error = discovery.courses_list(None, None).await.unwrap_err();

    let Error::Custom(report) = error else {
        panic!("{error}");
    };
    assert!(report.contains("invalid_client"), "{report}");
    assert!(!report.contains(site.client_secret()), "{report}");
}

/// Starts a site with twelve courses, and the generated client over it.
fn start() -> (MockEdx, Client) {
    let site = MockEdx::start().unwrap();
    let course = |n| format!(r#"{{"key": "edX+{n}", "title": "Course {n}"}}"#);
    site.list(COURSES, (1..=12).map(course));
    let one = MockResponse::json(200, course(12));
    site.on_authorized("GET", format!("{COURSES}edX+12/"), one);

    let credentials = ClientCredentials::new(site.client_id(), site.client_secret()).unwrap();
    let request = TokenRequest::new(TokenEndpoint::open_edx(site.url()).unwrap(), credentials);
    let source = TokenSource::builder(request).policy(RenewalPolicy::FOR_TESTS);
    let edx = AuthorizedClient::new(source.build().unwrap()).unwrap();
    let discovery = Client::new(site.url(), edx);
    (site, discovery)
}

fn statuses_of(site: &MockEdx, path: &str) -> Vec<Option<u16>> {
    let sent = site.requests().into_iter();
    let sent = sent.filter(|sent| sent.path() == path);
    sent.map(|sent| sent.status()).collect()
}

const COURSES: &str = "/api/v1/courses/";
