//! A response that is not a success, as one error: the same over both clients.

use std::time::Duration;

use edx_auth_core::{TokenError, Verdict};
use edx_auth_driver::Error;
use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::clients::{CLIENTS, Call, Client, Setup, age_tokens};
use edx_auth_tests::timeout::within_timeout;

/// Calls an API of this site once, and requires a success.
fn require(edx: &MockEdx, client: &dyn Client) -> Result<u16, Error> {
    client.require(Call::get(edx.url().to_owned() + "/api/?user=ada"))
}

/// Returns what both clients make of a response, which has to be the same but for the port.
fn both(response: impl Fn() -> MockResponse + Clone + Send + 'static) -> Result<u16, Error> {
    let [ureq, reqwest] = CLIENTS.map(|library| {
        let response = response.clone();
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            let client = (library.new_client)(Setup::of(&edx));
            edx.next_request("/api/", response());
            let result = require(&edx, &*client);
            let shown = format!("{result:?}").replace(edx.url(), "http://site");
            (result, shown)
        })
    });
    assert_eq!(ureq.1, reqwest.1);
    reqwest.0
}

#[test]
fn a_success_is_returned() {
    for status in [200, 204, 304] {
        let required = both(move || MockResponse::new(status));
        assert_eq!(required.unwrap(), status);
    }
}

#[test]
fn an_error_has_the_url_the_verdict_and_the_advice_of_its_response() {
    for (status, verdict, wait) in [
        (302, Verdict::Redirected, None),
        (403, Verdict::Forbidden, None),
        (404, Verdict::NotFound, None),
        (418, Verdict::Other, None),
        (503, Verdict::Unavailable { wait: WAIT }, WAIT),
    ] {
        let error = both(move || MockResponse::new(status).header("Retry-After", "7")).unwrap_err();

        assert_eq!(error.advice(), verdict.advice());
        assert_eq!(error.is_retryable(), verdict.is_retryable());
        assert_eq!(error.retry_after(), wait);
        let Error::Status {
            url, verdict: read, ..
        } = error.clone()
        else {
            panic!("{error:?}")
        };
        assert_eq!(read, verdict);
        let url = url.unwrap().to_string();
        assert!(url.ends_with("/api/"), "{url}");
        assert_eq!(
            error.to_string(),
            format!("{url} responded with status {status}")
        );
    }
}

#[test]
fn what_the_api_said_is_typed_and_not_shown() {
    let error = both(|| MockResponse::json(400, r#"{"email":["ada@example.org is taken."]}"#));
    let error = error.unwrap_err();

    let Error::Status { problem, .. } = &error else {
        panic!("{error:?}")
    };
    assert!(
        problem
            .errors()
            .eq([("email", "ada@example.org is taken.")])
    );
    for shown in [
        error.to_string(),
        format!("{error:?}"),
        error.report().to_string(),
    ] {
        assert!(!shown.contains("ada"), "{shown}");
    }
}

#[test]
fn a_rejected_token_without_a_newer_one_says_what_is_wrong_with_the_credentials() {
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            age_tokens(&edx);
            let client = (library.new_client)(Setup::of(&edx));
            edx.next_request("/api/", MockResponse::json(200, "[]"));
            require(&edx, &*client).unwrap();
            edx.next_request(
                "/api/",
                MockResponse::json(401, r#"{"detail":"Invalid token."}"#),
            );
            edx.next_request(
                MockEdx::TOKEN_PATH,
                MockResponse::json(401, r#"{"error":"invalid_client"}"#),
            );

            let error = require(&edx, &*client).unwrap_err();

            let Error::Status { source, .. } = &error else {
                panic!("{error:?}")
            };
            let denied: &TokenError = source.as_deref().unwrap();
            assert_eq!(error.advice(), denied.advice(), "{}", library.name);
            assert!(!error.is_retryable(), "{}", library.name);
            assert!(
                error.report().to_string().contains("invalid_client"),
                "{}",
                library.name
            );
        });
    }
}

/// Such a response has no verdict among its extensions, and no URL that is known to be public.
#[test]
fn a_response_of_another_client_is_classified_by_its_status_and_headers() {
    for status in [200, 404, 503] {
        let response = || {
            http::Response::builder()
                .status(status)
                .header("Retry-After", "7")
        };
        let over_reqwest = response().body("ada").unwrap();
        let over_ureq = response().body(ureq::Body::builder().data("ada")).unwrap();

        let over_reqwest = {
            use edx_auth_reqwest::RequireSuccess as _;
            reqwest::Response::from(over_reqwest)
                .require_success()
                .err()
        };
        let over_ureq = {
            use edx_auth_ureq::RequireSuccess as _;
            over_ureq.require_success().err()
        };

        assert_eq!(format!("{over_reqwest:?}"), format!("{over_ureq:?}"));
        assert_eq!(over_ureq.is_none(), status == 200);
        if let Some(error) = over_ureq {
            assert_eq!(
                error.to_string(),
                format!("the API responded with status {status}")
            );
            assert_eq!(error.retry_after(), WAIT.filter(|_| status == 503));
        }
    }
}

const WAIT: Option<Duration> = Some(Duration::from_secs(7));
