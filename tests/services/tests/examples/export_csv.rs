//! The exporter: every course of every list once, or an error.

#[path = "../../examples/export_csv.rs"]
mod example;

use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_ureq::{AuthorizedClient, TokenSource};

use super::{COURSES, request_at};

#[test]
fn every_course_of_every_list_is_a_line_and_one_token_serves_all_threads() {
    let (site, edx) = start();
    let courses = |from: usize| {
        (from..from + 250).map(|id| format!(r#"{{"key": "edX+{id:03}", "title": "No. {id}"}}"#))
    };
    site.list(COURSES, courses(0));
    site.list("/api/v1/programs/", courses(250));
    let lists = [COURSES, "/api/v1/programs/"].map(|path| format!("{}{path}", site.url()));
    let (mut csv, mut seen) = (Vec::new(), Vec::new());

    let rows = example::export(&edx, &lists, &mut csv, |rows| seen.push(rows)).unwrap();

    let csv = String::from_utf8(csv).unwrap();
    let mut lines: Vec<_> = csv.lines().skip(1).collect();
    lines.sort_unstable();
    assert_eq!((rows, lines.len()), (500, 500));
    assert_eq!(
        (lines[0], lines[499]),
        (r#""edX+000","No. 0""#, r#""edX+499","No. 499""#)
    );
    assert!(seen.into_iter().eq(1..=500));
    assert_eq!(site.token_requests(), 1);
}

#[test]
fn quotes_line_breaks_and_formulas_stay_in_their_cell() {
    let (site, edx) = start();
    site.list(COURSES, [r#"{"key": "=1+1", "title": "a \"b\", c\nd"}"#]);
    let mut csv = Vec::new();

    example::export(
        &edx,
        &[format!("{}{COURSES}", site.url())],
        &mut csv,
        |_| (),
    )
    .unwrap();

    assert_eq!(
        String::from_utf8(csv).unwrap(),
        "key,title\n\"'=1+1\",\"a \"\"b\"\", c\nd\"\n"
    );
}

#[test]
fn an_export_that_is_not_complete_is_an_error() {
    let (site, edx) = start();
    site.on_authorized("GET", COURSES, MockResponse::json(404, "{}"));
    let lists = [format!("{}{COURSES}", site.url())];

    let error = example::export(&edx, &lists, &mut Vec::new(), |_| ()).unwrap_err();

    assert!(
        error
            .to_string()
            .starts_with("the list ended early, at http://127.0.0.1"),
        "{error}"
    );
}

fn start() -> (MockEdx, AuthorizedClient) {
    let site = MockEdx::start().unwrap();
    let source = TokenSource::new(request_at(&site)).unwrap();
    (site, AuthorizedClient::new(source).unwrap())
}
