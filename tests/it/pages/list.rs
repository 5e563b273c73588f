//! A list of the test site, with three items per page.

use edx_auth_testkit::{MockEdx, MockResponse};
use serde_json::{Value, json};

/// Returns the URL of this page.
pub(super) fn url(edx: &MockEdx, number: u64) -> String {
    edx.url().to_owned() + &path(number)
}

pub(super) fn path(number: u64) -> String {
    format!("/list/{number}/")
}

/// Returns a page with its items and this `next` link.
pub(super) fn page(number: u64, next: &Value) -> MockResponse {
    let body = json!({"count": 0, "next": next, "previous": null, "results": items(number)});
    MockResponse::json(200, body.to_string())
}

/// Returns a page whose `next` link is the next page.
pub(super) fn inner_page(number: u64) -> MockResponse {
    page(number, &json!(path(number + 1)))
}

/// Serves a list with this many pages.
pub(super) fn serve(edx: &MockEdx, pages: u64) {
    for number in 1..pages {
        edx.on("GET", path(number), inner_page(number));
    }
    edx.on("GET", path(pages), page(pages, &Value::Null));
}

/// Returns the items of this page, such as `{"id": 4}`.
pub(super) fn items(number: u64) -> Value {
    ids(number..=number)
        .into_iter()
        .map(|id| json!({"id": id}))
        .collect()
}

/// Returns the IDs on these pages.
pub(super) fn ids(pages: impl IntoIterator<Item = u64>) -> Vec<u64> {
    let of_page = |number| (number * 3 - 2)..=(number * 3);
    pages.into_iter().flat_map(of_page).collect()
}

/// Counts the requests for all pages.
pub(super) fn requests(edx: &MockEdx) -> usize {
    edx.requests().len() - edx.token_requests()
}

/// Counts the requests for this page.
pub(super) fn requests_of(edx: &MockEdx, number: u64) -> usize {
    let (requests, path) = (edx.requests(), path(number));
    requests.iter().filter(|sent| sent.path() == path).count()
}
