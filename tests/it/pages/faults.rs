//! Invalid pages: a list returns all items of the pages before, none of the invalid page, and then an error
//! with its URL.

use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::clients::{Broken, Listing};
use serde_json::json;

use super::list::{ids, items, page, path, requests, requests_of, serve, url};
use super::over_both;

#[test]
fn a_link_out_of_the_origins_is_not_followed() {
    over_both(|edx, client| {
        let evil = MockEdx::start().unwrap();
        for link in [
            evil.url().to_owned() + "/list/3/",
            url(edx, 3).replace("127.0.0.1", "localhost"),
            url(edx, 3).replace("127.0.0.1", "127.0.0.1."),
            url(edx, 3).replace("http:", "https:"),
            url(edx, 3).replace("http://", "http://user@"),
            "//evil.example/list/3/".to_owned(),
        ] {
            serve(edx, 3);
            edx.on("GET", path(2), page(2, &json!(link)));

            let broken = broken_at_2(client.pages(&url(edx, 1)), edx);

            let words = broken.failure.words;
            assert!(
                words.starts_with("the next page cannot be fetched: "),
                "{link}: {words}"
            );
            assert!(!broken.failure.is_retryable, "{link}");
        }
        assert_eq!(evil.requests().len(), 0);
    });
}

#[test]
fn reading_a_list_that_loops_stops() {
    over_both(|edx, client| {
        for back in [1, 2] {
            serve(edx, 3);
            edx.on("GET", path(2), page(2, &json!(path(back))));
            let before = requests(edx);

            let broken = broken_at_2(client.pages(&url(edx, 1)), edx);

            let words = "the next link leads back to a page that was read already";
            assert_eq!(broken.failure.words, words);
            assert_eq!(requests(edx) - before, 2);
        }
    });
}

#[test]
fn an_invalid_item_fails_its_page_and_is_not_quoted() {
    over_both(|edx, client| {
        serve(edx, 3);
        let results = json!([{"id": 4}, {"id": "s3cret"}, {"id": 6}]);
        let spoilt = json!({"next": path(3), "results": results});
        edx.on("GET", path(2), MockResponse::json(200, spoilt.to_string()));

        let broken = broken_at_2(client.pages(&url(edx, 1)), edx);

        let words = broken.failure.words;
        assert!(
            words.starts_with("the page does not match the program's type"),
            "{words}"
        );
        assert!(!words.contains("s3cret"), "{words}");
        assert!(!broken.failure.is_retryable);
    });
}

#[test]
fn a_response_that_is_not_a_page_is_not_the_end() {
    over_both(|edx, client| {
        let unlinked = json!({"results": items(2)});
        for response in [
            MockResponse::json(200, ""),
            MockResponse::json(200, "{}"),
            MockResponse::json(200, "null"),
            MockResponse::json(200, r#"{"next":null,"results":null}"#),
            MockResponse::json(200, unlinked.to_string()),
            MockResponse::json(200, r#"{"next":null,"results":[{"id":4}"#),
            MockResponse::new(204),
        ] {
            serve(edx, 3);
            edx.on("GET", path(2), response);

            let broken = broken_at_2(client.pages(&url(edx, 1)), edx);

            assert_eq!(broken.failure.words, "the response is not a paginated list");
            assert!(!broken.failure.is_retryable);
        }
    });
}

#[test]
fn a_list_in_another_place_is_an_error_that_names_the_places() {
    over_both(|edx, client| {
        serve(edx, 3);
        let elsewhere = json!({"next": null, "results": {"courses": items(2), "actions": []}});
        edx.on(
            "GET",
            path(2),
            MockResponse::json(200, elsewhere.to_string()),
        );

        let broken = broken_at_2(client.pages(&url(edx, 1)), edx);

        assert_eq!(
            broken.failure.words,
            "the response has no list at results, but an object with the keys actions, courses"
        );
    });
}

#[test]
fn a_permanent_error_is_not_retried() {
    over_both(|edx, client| {
        for (status, count) in [(400, 1), (403, 2), (404, 3), (302, 4)] {
            serve(edx, 3);
            edx.on(
                "GET",
                path(2),
                MockResponse::json(status, r#"{"detail":"No."}"#),
            );

            let broken = broken_at_2(client.pages(&url(edx, 1)), edx);

            assert!(
                broken.failure.words.contains(&status.to_string()),
                "{broken:?}"
            );
            assert!(!broken.failure.is_retryable, "{status}");
            assert_eq!(requests_of(edx, 2), count, "{status}");
        }
    });
}

#[test]
fn a_list_outside_the_origins_is_rejected_before_anything_is_sent() {
    over_both(|edx, client| {
        let evil = MockEdx::start().unwrap();

        let listing = client.pages(&evil.catalogs_url());

        assert!(listing.ids.is_empty());
        let broken = listing.broken.unwrap();
        let words = format!("the token is not for {}", evil.url());
        assert_eq!((broken.page, broken.failure.words), (None, words));
        assert_eq!(edx.requests().len() + evil.requests().len(), 0);
    });
}

/// Returns the error of a list that gave the items of page 1 and none of page 2.
fn broken_at_2(listing: Listing, edx: &MockEdx) -> Broken {
    let broken = listing.broken.expect("an error");
    assert_eq!(listing.ids, ids([1]), "{broken:?}");
    assert_eq!(broken.page, Some(url(edx, 2)));
    assert_eq!(requests_of(edx, 3), 0);
    broken
}
