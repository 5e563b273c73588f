//! Responses to the requests for a list, page by page.

use edx_auth_core::{Origins, PageError, Paginator};
use edx_auth_testkit::MockResponse;
use edx_auth_tests::responses::{Body, PROTECTED};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::recorded::Response;
use super::table::{Vector, name_of};
use crate::pages::shapes::{LINKS, SHAPES};

/// A list: its URL, where its items are in a page, and its pages in the order in which they arrive.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Input {
    url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    items_at: Option<String>,
    pages: Vec<Response>,
}

/// What a page is.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
pub(super) enum Read {
    Page {
        items: Vec<Value>,
        next: Option<String>,
    },
    Error {
        error: String,
        retryable: bool,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        retry_after: Option<u64>,
    },
}

impl Vector for Input {
    const FILE: &'static str = "pages.json";

    type Meaning = Vec<Read>;

    fn rows() -> Vec<(String, Self)> {
        let parts = [
            recorded(),
            shapes(),
            links(),
            references(),
            bodies(),
            lists(),
        ];
        parts.into_iter().flatten().collect()
    }

    /// Returns what each page is, until the end of the list or the first error.
    fn meaning(&self) -> Vec<Read> {
        let url: http::Uri = self.url.parse().unwrap();
        let origin = format!("{}://{}", url.scheme().unwrap(), url.authority().unwrap());
        let origins = Origins::none().allow(&origin).unwrap();
        let mut list = Paginator::new(&self.url, origins).unwrap();
        if let Some(path) = &self.items_at {
            list = list.items_at(path).unwrap();
        }
        let mut read = Vec::new();
        for page in &self.pages {
            read.push(Read::of(list.on_response(&page.render()), &list));
            if !matches!(read.last(), Some(Read::Page { next: Some(_), .. })) {
                break;
            }
        }
        read
    }
}

impl Read {
    fn of(page: Result<Vec<Value>, PageError>, list: &Paginator) -> Self {
        match page {
            Ok(items) => Self::Page {
                items,
                next: list.url().map(ToString::to_string),
            },
            Err(error) => Self::Error {
                error: name_of(&error),
                retryable: error.is_retryable(),
                retry_after: error.retry_after().map(|wait| wait.as_secs()),
            },
        }
    }
}

type Rows = Vec<(String, Input)>;

/// Returns the recorded pages.
fn recorded() -> Rows {
    let pages = PROTECTED
        .iter()
        .filter(|row| matches!(row.response.body, Body::Catalogs(_)));
    let pages = pages.map(|row| {
        let url = format!("http://localhost:18000{}", row.request.target);
        let pages = vec![(&row.response).into()];
        (
            format!("recorded: {}", row.case),
            Input {
                url,
                items_at: None,
                pages,
            },
        )
    });
    pages.collect()
}

/// Returns a list of each shape that Open edX has.
fn shapes() -> Rows {
    let lists = SHAPES.into_iter().map(|shape| {
        let [second, third] = shape.links.map(|query| format!("{LIST}?{query}"));
        let pages = (1..).zip([Some(second), Some(third), None]);
        let pages = pages.map(|(number, next)| of_mock(&(shape.page)(number, next)));
        let (name, value) = shape.query;
        let input = Input {
            url: format!("{LIST}?{name}={value}"),
            items_at: shape.items_at.map(str::to_owned),
            pages: pages.collect(),
        };
        (format!("shape: {}", shape.name), input)
    });
    lists.collect()
}

fn of_mock(response: &MockResponse) -> Response {
    let bytes = response.to_bytes();
    let mut headers = [httparse::EMPTY_HEADER; 16];
    let mut head = httparse::Response::new(&mut headers);
    let length = head.parse(&bytes).unwrap().unwrap();
    let response = Response::new(head.code.unwrap(), &bytes[length..]);
    let links = head.headers.iter().filter(|header| header.name == "Link");
    links.fold(response, |response, link| {
        response.header("link", std::str::from_utf8(link.value).unwrap())
    })
}

/// Returns a bare list with each `Link` header.
fn links() -> Rows {
    let links = LINKS.into_iter().chain(NO_LINKS);
    let lists = links.map(|link| {
        let page = Response::new(200, "[1, 2]").header("link", link);
        (format!("Link: {link}"), list([page]))
    });
    lists.collect()
}

/// Returns a page with each value of `next`.
fn references() -> Rows {
    let lists = NEXT.into_iter().map(|next| {
        let body =
            format!(r#"{{"count": 9, "next": {next}, "previous": null, "results": [1, 2]}}"#);
        (format!("next: {next}"), list([Response::new(200, body)]))
    });
    lists.collect()
}

/// Returns responses that are no page, and some that are one.
fn bodies() -> Rows {
    let bodies = BODIES.map(|body| (format!("body {body}"), list([Response::new(200, body)])));
    let statuses = [206, 301, 401, 403, 404, 429, 503].map(|status| {
        let page = Response::new(status, "[]");
        (format!("status {status}"), list([page]))
    });
    let wait = Response::new(503, "").header("retry-after", "9");
    let waiting = [("status 503 that asks for a wait".to_owned(), list([wait]))];
    bodies.into_iter().chain(statuses).chain(waiting).collect()
}

/// Returns lists that lead back to their own pages, and one with an empty page in its middle.
fn lists() -> Rows {
    let page = |items: Value, next: &str| {
        Response::new(200, json!({"next": next, "results": items}).to_string())
    };
    let [first, second, last] = ["", "?page=2", "?page=3"];
    vec![
        (
            "a list whose page leads to itself".to_owned(),
            list([page(json!([1]), LIST)]),
        ),
        (
            "a list whose second page leads to the first".to_owned(),
            list([page(json!([1]), second), page(json!([2]), LIST)]),
        ),
        (
            "a list with an empty page".to_owned(),
            list([
                page(json!([1]), second),
                page(json!([]), last),
                page(json!([2]), first),
            ]),
        ),
    ]
}

fn list<const N: usize>(pages: [Response; N]) -> Input {
    Input {
        url: LIST.to_owned(),
        items_at: None,
        pages: pages.into(),
    }
}

const LIST: &str = "https://lms.example/api/list/";

#[rustfmt::skip] // read as a list
const NEXT: [&str; 31] = [
    "null", "\"\"", "\" \"", "\"null\"", "\"None\"", "\"undefined\"", "2", "false", "{}", "[]",
    "\"2\"", "\"page 2\"", "\"error\"", "\"nextcursor\"", "\"http://[broken\"",
    "\"https://lms.example/a b\"",
    "\"?page=2\"",
    "\"?page=2#top\"",
    "\"/api/list/?page=2\"",
    "\"../list/?cursor=cD0y\"",
    "\"./?q=größe&page=2\"",
    "\"//lms.example/x\"",
    "\"//evil.example/\"",
    "\"https://lms.example/api/list/?page=2\"",
    "\"http://lms.example/api/list/?page=2\"",
    "\"http://lms.example:80/api/list/?page=2\"",
    "\"http://lms.example:8000/?page=2\"",
    "\"HTTPS://LMS.example:443/x\"",
    "\"https://evil.example/api/list/?page=2\"",
    "\"https://lms.example@evil.example/\"",
    "\"https://lms.example/api/list/?page=2&key=course-v1%3AX%2BY\"",
];

/// Headers that name no next page.
const NO_LINKS: [&str; 6] = [
    "</api/list/?page=2>",
    "</api/list/?page=2>; rel=prev",
    "</api/list/?page=2>; rel=nextish",
    "</api/list/?page=2>; rel=\"prev\"; rel=\"next\"",
    "</api/list/>; title=\"rel=next\"",
    "<https://evil.example/>; rel=next",
];

const BODIES: [&str; 12] = [
    "",
    "[]",
    "[1, 2",
    "{}",
    "\"[]\"",
    "<html><body>Maintenance</body></html>",
    r#"{"results": [1]}"#,
    r#"{"next": null, "results": []}"#,
    r#"{"next": null, "results": null}"#,
    r#"{"next": null, "results": {"courses": []}}"#,
    r#"{"next": null, "next": "?page=2", "results": []}"#,
    r#"{"pagination": {"next": "?page=2"}, "results": [1]}"#,
];
