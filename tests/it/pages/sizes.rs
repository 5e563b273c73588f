//! Pages of every size, up to endless ones.

use edx_auth_testkit::{Behavior, MockResponse};
use serde_json::json;

use super::list::{ids, page, path, requests_of, serve, url};
use super::over_both;

#[test]
fn a_page_of_twelve_megabytes_is_read() {
    over_both(|edx, client| {
        let padding = "x".repeat(12_000_000);
        let large = json!({"next": null, "results": [{"id": 1, "name": padding}]});
        edx.on("GET", path(1), MockResponse::json(200, large.to_string()));

        let listing = client.pages(&url(edx, 1));

        assert_eq!((listing.ids, listing.broken), (vec![1], None));
    });
}

#[test]
fn reading_an_endless_page_stops_at_once() {
    over_both(|edx, client| {
        serve(edx, 2);
        let endless = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n";
        edx.on(
            "GET",
            path(2),
            Behavior::endless(endless, " ".repeat(1 << 20)),
        );

        let listing = client.pages(&url(edx, 1));

        let broken = listing.broken.unwrap();
        assert_eq!((listing.ids, broken.page), (ids([1]), Some(url(edx, 2))));
        assert_eq!(
            broken.failure.words,
            url(edx, 2) + " sent a response that is too large"
        );
        assert!(!broken.failure.is_retryable);
        assert_eq!(requests_of(edx, 2), 1);
    });
}

#[test]
fn a_long_error_page_is_read() {
    over_both(|edx, client| {
        edx.on(
            "GET",
            path(1),
            MockResponse::html(404, "x".repeat(1_000_000)),
        );
        edx.on("GET", path(2), page(2, &json!(null)));

        let listing = client.pages(&url(edx, 1));
        let next = client.pages(&url(edx, 2));

        assert_eq!(
            listing.broken.unwrap().failure.words,
            "the API responded with 404 Not Found"
        );
        assert_eq!(next.ids, ids([2]));
    });
}
