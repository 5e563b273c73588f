//! Messages about API calls and paginated lists.

use edx_auth_core::{
    ApiUrl, Origins, PageError, Paginator, PlaintextHosts, Position, TransportError,
    TransportFailure, Verdict,
};
use edx_auth_driver::Error;
use http::header::WWW_AUTHENTICATE;
use http::{Extensions, HeaderMap, HeaderValue, Response, StatusCode};
use serde::Deserialize;

use super::list::List;
use super::tokens;

pub(super) fn list(list: &mut List) {
    list.section("An API call");
    list.report(Origins::edx().check("https://evil.example/").unwrap_err());
    list.report(Error::request("failed to parse header value"));
    for failure in tokens::failures() {
        list.report(Error::transport(&url(COURSES), failure));
    }
    list.section("The response of an API that is not a success");
    for (status, body) in STATUSES {
        list.report(not_a_success(status, &HeaderMap::new(), body));
    }
    let gate = [(WWW_AUTHENTICATE, HeaderValue::from_static("Basic"))];
    list.report(not_a_success(401, &gate.into_iter().collect(), ""));
    list.section("A paginated list");
    for path in ITEMS_PATHS {
        let pages = Paginator::new(COURSES, Origins::edx()).unwrap();
        let error = pages.items_at(path).unwrap_err();
        list.error(error, error.advice());
        list.report(error);
    }
    for (status, body) in PAGES {
        list.report(Error::from(page_error(status, body)).at_page(url(COURSES)));
    }
    let unreachable =
        TransportError::from(TransportFailure::NotSent).with_cause("connection refused");
    list.report(Error::transport(&url(COURSES), unreachable).at_page(url(COURSES)));
    for text in POSITIONS {
        let error = text.parse::<Position>().unwrap_err();
        list.error(error, error.advice());
    }
}

fn not_a_success(status: u16, headers: &HeaderMap, body: &str) -> Error {
    let status = StatusCode::from_u16(status).unwrap();
    let mut extensions = Extensions::new();
    extensions.insert(url(COURSES).without_query());
    extensions.insert(Verdict::of(status, headers, body.as_bytes()));
    Error::check_status(status, headers, &extensions).unwrap_err()
}

fn page_error(status: u16, body: &str) -> PageError {
    let mut pages = Paginator::new(COURSES, Origins::edx()).unwrap();
    let response = Response::builder().status(status);
    let response = response.body(body.as_bytes().to_vec()).unwrap();
    pages.on_response::<Course>(&response).unwrap_err()
}

fn url(text: &str) -> ApiUrl {
    ApiUrl::new(text, &PlaintextHosts::none()).unwrap()
}

#[derive(Debug, Deserialize)]
struct Course {
    #[expect(dead_code, reason = "only serde reads it")]
    key: String,
}

const COURSES: &str = "https://discovery.edx.org/api/v1/courses/?page=3";

const STATUSES: [(u16, &str); 10] = [
    (302, ""),
    (401, ""),
    (403, ""),
    (404, ""),
    (407, ""),
    (413, ""),
    (418, "{}"),
    (429, ""),
    (503, ""),
    (511, ""),
];

#[rustfmt::skip] // read as a table
const PAGES: [(u16, &str); 9] = [
    (404, ""),
    (503, ""),
    (200, "<html>"),
    (200, r#"{"next": null, "results": ["#),
    (200, r#"{"detail": "Demo"}"#),
    (200, r#"{"next": null, "results": {"courses": [], "in_process": []}}"#),
    (200, r#"{"next": null, "results": [{"name": "Demo"}]}"#),
    (200, r#"{"next": "https://evil.example/?page=4", "results": []}"#),
    (200, r#"{"next": "https://discovery.edx.org/api/v1/courses/?page=3", "results": []}"#),
];

const ITEMS_PATHS: [&str; 3] = ["results.", "results.0", "a.b.c.d.e.f.g.h.i"];

const POSITIONS: [&str; 2] = [
    "edx-auth-position/9999 48 https://discovery.edx.org/api/v1/courses/?page=3",
    "https://discovery.edx.org/api/v1/courses/?page=3",
];
