//! A page that fails is retried within the `retry_timeout`, then the error is returned.

use std::time::Duration;

use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use edx_auth_tests::clients::{CLIENTS, Setup};
use edx_auth_tests::timeout::within_timeout;

use super::list::{ids, inner_page, path, requests, requests_of, serve, url};
use super::over_both;

#[test]
fn a_page_that_keeps_failing_ends_the_list_and_another_list_continues_from_it() {
    over_both(|edx, client| {
        serve(edx, 97);
        edx.on(
            "GET",
            path(41),
            MockResponse::html(503, "<h1>Be right back</h1>"),
        );

        let listing = client.pages_within(&url(edx, 1), Duration::from_millis(300));
        edx.on("GET", path(41), inner_page(41));
        let broken = listing.broken.unwrap();
        let rest = client.pages(broken.page.as_ref().unwrap());

        assert_eq!(listing.ids, ids(1..=40));
        assert_eq!(broken.page, Some(url(edx, 41)));
        assert_eq!(
            broken.failure.words,
            "the API responded with 503 Service Unavailable"
        );
        assert!(broken.failure.is_retryable);
        assert_eq!((rest.ids, rest.broken), (ids(41..=97), None));
        assert_eq!(requests(edx), 98);
    });
}

#[test]
fn temporary_failures_are_retried() {
    over_both(|edx, client| {
        serve(edx, 3);
        for _ in 0..2 {
            edx.next_request(path(2), MockResponse::html(503, "<h1>Be right back</h1>"));
        }

        let listing = client.pages(&url(edx, 1));

        assert_eq!((listing.ids, listing.broken), (ids(1..=3), None));
        assert_eq!(requests_of(edx, 2), 3);
    });
}

#[test]
fn an_html_page_with_status_200_is_retried() {
    over_both(|edx, client| {
        serve(edx, 3);
        edx.next_request(path(2), MockResponse::html(200, "<h1>Be right back</h1>"));

        let listing = client.pages(&url(edx, 1));

        assert_eq!((listing.ids, listing.broken), (ids(1..=3), None));
        assert_eq!(requests_of(edx, 2), 2);
    });
}

#[test]
fn an_html_page_that_stays_is_an_error_that_says_so() {
    over_both(|edx, client| {
        serve(edx, 3);
        edx.on(
            "GET",
            path(2),
            MockResponse::html(200, "<h1>Be right back</h1>"),
        );

        let listing = client.pages_within(&url(edx, 1), Duration::from_millis(300));

        let broken = listing.broken.unwrap();
        assert_eq!(listing.ids, ids([1]));
        assert_eq!(
            broken.failure.words,
            "the API responded with an HTML page and not with a list"
        );
        assert!(broken.failure.is_retryable);
    });
}

#[test]
fn throttled_pages_are_retried() {
    over_both(|edx, client| {
        serve(edx, 3);
        edx.next_request(path(2), MockResponse::throttled(1));

        let listing = client.pages_within(&url(edx, 1), Duration::from_secs(20));

        assert_eq!((listing.ids, listing.broken), (ids(1..=3), None));
        assert_eq!(requests_of(edx, 2), 2);
    });
}

#[test]
fn a_wait_longer_than_the_retry_timeout_is_not_started() {
    over_both(|edx, client| {
        serve(edx, 3);
        edx.on("GET", path(2), MockResponse::throttled(20));

        let listing = client.pages_within(&url(edx, 1), Duration::from_secs(10));

        let broken = listing.broken.unwrap();
        assert_eq!(listing.ids, ids([1]));
        assert_eq!(broken.page, Some(url(edx, 2)));
        assert_eq!(broken.failure.retry_after, Some(Duration::from_secs(20)));
        assert!(broken.failure.is_retryable);
        assert_eq!(requests_of(edx, 2), 1);
    });
}

#[test]
fn a_page_that_breaks_off_is_fetched_again() {
    over_both(|edx, client| {
        serve(edx, 3);
        let whole = inner_page(2).to_bytes();
        let in_the_middle = whole.len() - 20;
        edx.next_request(path(2), Behavior::cut(whole, in_the_middle));

        let listing = client.pages(&url(edx, 1));

        assert_eq!((listing.ids, listing.broken), (ids(1..=3), None));
        assert_eq!(requests_of(edx, 2), 2);
    });
}

#[test]
fn a_page_is_retried_after_a_closed_connection() {
    over_both(|edx, client| {
        serve(edx, 3);
        for _ in 0..2 {
            edx.next_request(path(2), Behavior::close());
        }

        let listing = client.pages(&url(edx, 1));

        assert_eq!((listing.ids, listing.broken), (ids(1..=3), None));
        assert_eq!(requests_of(edx, 2), 3);
    });
}

#[test]
fn with_a_zero_retry_timeout_a_failure_is_returned_at_once() {
    over_both(|edx, client| {
        serve(edx, 3);
        edx.on("GET", path(1), Behavior::cut(inner_page(1).to_bytes(), 90));

        let listing = client.pages_within(&url(edx, 1), Duration::ZERO);

        let broken = listing.broken.unwrap();
        assert_eq!((listing.ids, broken.page), (vec![], Some(url(edx, 1))));
        let words = broken.failure.words;
        assert!(
            words.ends_with("closed the connection before the response was complete"),
            "{words}"
        );
        assert!(broken.failure.is_retryable);
        assert_eq!(requests(edx), 1);
    });
}

#[test]
fn a_page_that_times_out_is_an_error() {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{";
    for library in CLIENTS {
        within_timeout(move || {
            let edx = MockEdx::start().unwrap();
            edx.on("GET", path(1), Behavior::endless(half, ""));
            let client = (library.new_client)(Setup {
                timeout: Duration::from_secs(2),
                ..Setup::of(&edx)
            });

            let listing = client.pages_within(&url(&edx, 1), Duration::ZERO);

            let failure = listing.broken.unwrap().failure;
            assert_eq!(failure.words, url(&edx, 1) + " did not respond in time");
            assert!(failure.is_retryable, "{}", library.name);
            assert_eq!(requests(&edx), 1, "{}", library.name);
        });
    }
}
