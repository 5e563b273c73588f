//! Every shape of a list that Open edX has, and every notation of a link to its next page.

use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::clients::List;
use serde_json::{Value, json};

use super::list::{ids, items, requests};
use super::over_both;

#[test]
fn a_list_of_every_shape_is_read_to_its_end() {
    for shape in SHAPES {
        over_both(move |edx, client| {
            serve(edx, shape);
            let mut list =
                List::at(edx.url().to_owned() + LIST).query(shape.query.0, shape.query.1);
            list.items_at = shape.items_at.map(str::to_owned);

            let listing = client.read(&list, &mut |_item| {});

            let name = shape.name;
            assert_eq!((listing.ids, listing.broken), (ids(1..=3), None), "{name}");
            assert_eq!(requests(edx), 3, "{name}");
            let requests = edx.requests();
            let of_the_last = requests.last().unwrap().query();
            assert_eq!(of_the_last, Some(shape.links[1]), "{name}");
        });
    }
}

#[test]
fn a_link_of_every_notation_continues_a_bare_list() {
    over_both(|edx, client| {
        for link in LINKS {
            let before = requests(edx);
            let first = MockResponse::json(200, items(1).to_string()).header("Link", link);
            edx.next_request(LIST, first);
            edx.next_request(LIST, MockResponse::json(200, items(2).to_string()));

            let listing = client.pages(&(edx.url().to_owned() + LIST));

            assert_eq!((listing.ids, listing.broken), (ids(1..=2), None), "{link}");
            assert_eq!(requests(edx) - before, 2, "{link}");
            let requests = edx.requests();
            assert_eq!(requests.last().unwrap().query(), Some("page=2"), "{link}");
        }
    });
}

/// A list of three pages.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub(crate) name: &'static str,
    pub(crate) query: (&'static str, &'static str),
    pub(crate) items_at: Option<&'static str>,
    /// The queries of the second and the third page.
    pub(crate) links: [&'static str; 2],
    /// Creates a page of these items, with this link to the next one.
    pub(crate) page: fn(u64, Option<String>) -> MockResponse,
}

#[rustfmt::skip] // read as a table
pub(crate) const SHAPES: [Shape; 10] = [
    Shape { name: "numbered", query: ("page_size", "3"), items_at: None, links: ["page=2&page_size=3", "page=3&page_size=3"],
        page: |number, next| object(&json!({"count": 9, "num_pages": 3, "current_page": number, "start": number * 3 - 3, "next": next, "previous": null, "results": items(number)})) },
    Shape { name: "namespaced", query: ("page_size", "3"), items_at: None, links: ["page=2&page_size=3", "page=3&page_size=3"],
        page: |number, next| object(&json!({"pagination": {"next": next, "previous": null, "count": 9, "num_pages": 3}, "results": items(number)})) },
    Shape { name: "limit and offset", query: ("limit", "3"), items_at: None, links: ["limit=3&offset=3", "limit=3&offset=6"],
        page: |number, next| object(&json!({"count": 9, "next": next, "previous": null, "results": items(number)})) },
    Shape { name: "edX's gateway", query: ("limit", "3"), items_at: None, links: ["limit=3&offset=3", "limit=3&offset=6"],
        page: |number, next| object(&json!({"count": 9, "next": next.unwrap_or_default(), "previous": "", "results": items(number)})) },
    Shape { name: "cursor", query: ("page_size", "3"), items_at: None, links: ["cursor=cD0z%3D&page_size=3", "cursor=cD02%2B&page_size=3"],
        page: |number, next| object(&json!({"next": next, "previous": null, "results": items(number)})) },
    Shape { name: "bare, with Link headers", query: ("page_size", "3"), items_at: None, links: ["page=2", "page=3"],
        page: |number, next| linked(&items(number), next) },
    Shape { name: "without next, with Link headers", query: ("page_size", "3"), items_at: None, links: ["page=2", "page=3"],
        page: |number, next| linked(&json!({"next": null, "results": items(number)}), next) },
    Shape { name: "Studio's home", query: ("page_size", "3"), items_at: Some("results.courses"), links: ["page=2", "page=3"],
        page: |number, next| object(&json!({"count": 9, "next": next, "results": {"courses": items(number), "in_process_course_actions": []}})) },
    Shape { name: "Discovery's facets", query: ("page_size", "3"), items_at: Some("objects.results"), links: ["page=2", "page=3"],
        page: |number, next| object(&json!({"fields": {}, "objects": {"count": 9, "next": next, "results": items(number)}})) },
    Shape { name: "mobile enrollments", query: ("page_size", "3"), items_at: Some("enrollments.results"), links: ["page=2", "page=3"],
        page: |number, next| object(&json!({"config": {}, "enrollments": {"count": 9, "next": next, "results": items(number)}})) },
];

/// Notations of [RFC 8288 section 3](https://www.rfc-editor.org/rfc/rfc8288#section-3), some of them with
/// mistakes that servers make.
#[rustfmt::skip] // read as a list
pub(crate) const LINKS: [&str; 14] = [
    "<?page=2>; rel=\"next\"",
    "</api/list/?page=2>; rel=next",
    "</api/list/?page=2>;rel=next",
    "</api/list/?page=2>; rel=\"next last\"",
    "</api/list/?page=2>; rel=\"last  NEXT\"",
    "</api/list/?page=2>; Rel=\"next\"",
    "</api/list/?page=2>; REL = \"Next\"",
    "</api/list/?page=2>; rel= \"next\"",
    "</api/list/?page=2>; title=\"a, b; c\"; rel=next",
    "</api/list/?page=2>; title=\"a \\\"; rel=last\"; rel=next",
    "</api/list/>; rel=first, </api/list/?page=2>; rel=next",
    "</api/list/?page=2>; title*=UTF-8'de'n%c3%a4chste; rel=next",
    "/api/list/?page=2; rel=next",
    "</api/list/?page=2>; rel='next'",
];

fn serve(edx: &MockEdx, shape: Shape) {
    let [second, third] = shape
        .links
        .map(|query| edx.url().to_owned() + LIST + "?" + query);
    for (number, next) in (1..).zip([Some(second), Some(third), None]) {
        edx.next_request(LIST, (shape.page)(number, next));
    }
}

fn object(page: &Value) -> MockResponse {
    MockResponse::json(200, page.to_string())
}

fn linked(page: &Value, next: Option<String>) -> MockResponse {
    let response = MockResponse::json(200, page.to_string());
    match next {
        Some(next) => response.header("Link", format!("<{next}>; rel=\"next\"")),
        None => response,
    }
}

const LIST: &str = "/api/list/";
