//! A list of the tests' own, cut into pages of three.

use edx_auth_testkit::{MockEdx, Reply};
use serde_json::{Value, json};

/// The page of this number, as an URL.
pub(super) fn url(edx: &MockEdx, number: u64) -> String {
    edx.url().to_owned() + &path(number)
}

pub(super) fn path(number: u64) -> String {
    format!("/list/{number}/")
}

/// A page with the ids that belong to it, and this for `next`.
pub(super) fn page(number: u64, next: &Value) -> Reply {
    let body = json!({"count": 0, "next": next, "previous": null, "results": items(number)});
    Reply::json(200, body.to_string())
}

/// The same in the middle of the list: the next page is the next number.
pub(super) fn inner_page(number: u64) -> Reply {
    page(number, &json!(path(number + 1)))
}

/// Puts a list of so many pages there.
pub(super) fn serve(edx: &MockEdx, pages: u64) {
    for number in 1..pages {
        edx.on("GET", path(number), inner_page(number));
    }
    edx.on("GET", path(pages), page(pages, &Value::Null));
}

/// What an id is in: `{"id": 4}`.
pub(super) fn items(number: u64) -> Value {
    ids(number..=number)
        .into_iter()
        .map(|id| json!({"id": id}))
        .collect()
}

/// The ids on these pages.
pub(super) fn ids(pages: impl IntoIterator<Item = u64>) -> Vec<u64> {
    let of_page = |number| (number * 3 - 2)..=(number * 3);
    pages.into_iter().flat_map(of_page).collect()
}

/// How often each page was asked for, in all.
pub(super) fn requests(edx: &MockEdx) -> usize {
    edx.requests().len() - edx.token_requests()
}

/// How often this page was.
pub(super) fn requests_of(edx: &MockEdx, number: u64) -> usize {
    let (requests, path) = (edx.requests(), path(number));
    requests.iter().filter(|sent| sent.path() == path).count()
}
