//! A list, page by page.
#![expect(
    clippy::unchecked_time_subtraction,
    reason = "the moment just before a deadline, which is a constant"
)]

use alloc::borrow::ToOwned;
use alloc::{format, vec};

use serde_json::Value;

use super::*;

const MILLI: Duration = Duration::from_millis(1);
const MINUTE: Duration = Duration::from_secs(60);

const LIST: &str = "https://lms.example/api/list/";

fn paginator() -> Paginator {
    let origins = Origins::none().allow("https://lms.example").unwrap();
    Paginator::new(LIST, origins).unwrap()
}

fn after(passed: Duration) -> Moment {
    Moment {
        monotonic: passed,
        wall: Duration::ZERO,
    }
}

fn response(status: u16, body: &str) -> Response<&[u8]> {
    Response::builder()
        .status(status)
        .body(body.as_bytes())
        .unwrap()
}

fn page(pages: &mut Paginator, next: &str) -> Result<Vec<u32>, PageError> {
    let body = format!(r#"{{"count":9,"next":{next},"previous":null,"results":[1,2]}}"#);
    pages.on_response(&response(200, &body))
}

fn url(pages: &Paginator) -> Option<String> {
    pages.url().map(ToString::to_string)
}

/// Returns the URL of the call to make.
fn fetched(step: PageStep) -> String {
    match step {
        PageStep::Fetch(call) => call.url().to_string(),
        step => panic!("{step:?}"),
    }
}

#[test]
fn a_list_ends_at_the_page_without_a_next_one() {
    for next in [
        "null",
        r#""""#,
        r#"" ""#,
        r#""null""#,
        r#""None""#,
        r#""undefined""#,
    ] {
        let mut pages = paginator();
        assert_eq!(page(&mut pages, next), Ok(vec![1, 2]), "{next}");
        assert_eq!(url(&pages), None, "{next}");
    }
}

#[test]
fn the_next_page_is_where_the_link_leads_inside_the_origins() {
    for (next, expected) in [
        (
            "https://lms.example/api/list/?page=2",
            "https://lms.example/api/list/?page=2",
        ),
        (
            "http://lms.example/api/list/?page=2",
            "https://lms.example/api/list/?page=2",
        ),
        (
            "http://lms.example:80/api/list/?page=2",
            "https://lms.example/api/list/?page=2",
        ),
        ("HTTPS://LMS.example:443/x", "https://LMS.example:443/x"),
        ("?page=2", "https://lms.example/api/list/?page=2"),
        ("/api/list/?page=2", "https://lms.example/api/list/?page=2"),
        ("//lms.example/x", "https://lms.example/x"),
        ("?page=2#top", "https://lms.example/api/list/?page=2"),
    ] {
        let mut pages = paginator();
        assert_eq!(
            page(&mut pages, &format!("{next:?}")),
            Ok(vec![1, 2]),
            "{next}"
        );
        assert_eq!(url(&pages).as_deref(), Some(expected), "{next}");
    }
}

#[test]
fn a_link_out_of_the_origins_is_an_error_and_not_an_end() {
    for next in [
        "https://evil.example/api/list/?page=2",
        "http://lms.example:8000/?page=2",
        "http://lms:8000/?page=2",
        "//evil.example/",
        "https://lms.example@evil.example/",
        "2",
        "error",
        "nextcursor",
        "http://[broken",
        "https://lms.example/a b",
    ] {
        let mut pages = paginator();
        let error = page(&mut pages, &format!("{next:?}")).unwrap_err();
        let stays = url(&pages).as_deref() == Some(LIST);
        assert!(
            matches!(error, PageError::Next(_)) && stays,
            "{next}: {error:?}"
        );
    }
}

#[test]
fn a_link_is_relative_to_where_its_page_was_found() {
    let mut pages = paginator();
    pages.redirected_to("https://lms.example/new/list/1/");

    assert!(page(&mut pages, r#""../2/""#).is_ok());

    assert_eq!(
        url(&pages).as_deref(),
        Some("https://lms.example/new/list/2/")
    );
    assert_eq!(page(&mut pages, r#""/api/list/""#), Err(PageError::Loop));
    assert_eq!(page(&mut pages, r#""/new/list/1/""#), Err(PageError::Loop));
}

#[test]
fn a_list_that_loops_is_an_error_and_not_an_end() {
    let mut pages = paginator();
    assert!(page(&mut pages, r#""?page=2""#).is_ok());
    assert!(page(&mut pages, r#""?page=3""#).is_ok());

    for next in [r#""?page=3""#, r#""?page=2""#, r#""/api/list/""#] {
        assert_eq!(page(&mut pages, next), Err(PageError::Loop), "{next}");
    }
    assert!(page(&mut pages, "null").is_ok());
}

#[test]
fn every_shape_of_a_list_is_read() {
    for (body, expected) in [
        ("[1, 2]", Some((2, None))),
        (" []", Some((0, None))),
        (r#"{"next": null, "results": []}"#, Some((0, None))),
        (
            r#"{"pagination": {"next": "?page=2"}, "results": [1]}"#,
            Some((1, Some("?page=2"))),
        ),
        (
            r#"{"next": null, "pagination": {"next": "?page=2"}, "results": [1]}"#,
            Some((1, Some("?page=2"))),
        ),
        (
            r#"{"pagination": {"next": null}, "results": [1]}"#,
            Some((1, None)),
        ),
        (r#"{"pagination": null, "results": [1]}"#, Some((1, None))),
        (r#"{"results": [1]}"#, None),
        (r#"{"next": null}"#, None),
        (r#"{"next": 2, "results": [1]}"#, None),
        (r#"{"next": false, "results": [1]}"#, None),
        (r#"{"detail": "x"}"#, None),
        ("<html>", None),
        ("", None),
        (r#"{"next": null, "results": [1"#, None),
        (r#"{"next": null, "results": [1]} x"#, None),
    ] {
        let mut pages = paginator();
        let items: Result<Vec<Value>, _> = pages.on_response(&response(200, body));
        let seen = items.ok().map(|items| (items.len(), url(&pages)));
        let next = |query| format!("{LIST}{query}");
        assert_eq!(
            seen,
            expected.map(|(items, query)| (items, query.map(next))),
            "{body}"
        );
    }
}

/// Reads a page that has this `Link`.
fn linked(link: &str, body: &str) -> (Result<usize, PageError>, Option<String>) {
    let mut pages = paginator();
    let response = Response::builder().header("link", link);
    let response = response.body(body.as_bytes()).unwrap();
    let items: Result<Vec<Value>, _> = pages.on_response(&response);
    (items.map(|items| items.len()), url(&pages))
}

#[test]
fn a_link_header_leads_to_the_next_page_of_any_list() {
    let first = "<https://lms.example/api/list/?page=1>; rel=\"first\"";
    let second = "</api/list/?page=9>; rel=last, </api/list/?page=2>; Rel = \"up NEXT\"";
    let page_2 = || Some(format!("{LIST}?page=2"));
    for (link, body, expected) in [
        (first, "[1, 2]", (Ok(2), None)),
        (second, "[1, 2]", (Ok(2), page_2())),
        (second, r#"{"results": [1]}"#, (Ok(1), page_2())),
        (
            second,
            r#"{"next": null, "results": [1]}"#,
            (Ok(1), page_2()),
        ),
        (
            second,
            r#"{"next": "?page=3", "results": [1]}"#,
            (Ok(1), Some(format!("{LIST}?page=3"))),
        ),
    ] {
        assert_eq!(linked(link, body), expected, "{link} {body}");
    }
}

#[test]
fn a_link_header_that_cannot_be_followed_is_an_error_and_not_an_end() {
    let outside = linked("<https://evil.example/?page=2>; rel=next", "[1]");
    let again = linked("<>; rel=next", "[1]");
    let nowhere = linked("<two>; rel=next", "[1]");

    assert!(matches!(
        outside.0,
        Err(PageError::Next(UrlError::OtherOrigin { .. }))
    ));
    assert_eq!(again.0, Err(PageError::Next(UrlError::Malformed)));
    assert_eq!(nowhere.0, Err(PageError::Next(UrlError::Malformed)));
    assert_eq!(outside.1.as_deref(), Some(LIST));
}

#[test]
fn a_part_of_a_page_is_not_the_page() {
    let items = paginator().on_response::<u32>(&response(206, "[1, 2]"));

    assert_eq!(items, Err(PageError::NotAPage));
}

fn items_at(path: &str, body: &str) -> (Result<Vec<u32>, PageError>, Option<u64>) {
    let mut pages = paginator().items_at(path).unwrap();
    let items = pages.on_response(&response(200, body));
    (items, pages.total())
}

#[test]
fn items_may_be_deeper_in_the_body_and_their_links_beside_them() {
    for (path, body) in [
        (
            "results.courses",
            r#"{"count": 2, "next": null, "results": {"courses": [1, 2], "actions": []}}"#,
        ),
        (
            "objects.results",
            r#"{"fields": {}, "objects": {"count": 2, "next": null, "results": [1, 2]}}"#,
        ),
        (
            "a.b.c",
            r#"{"a": {"pagination": {"next": "", "count": 2}, "b": {"c": [1, 2]}}}"#,
        ),
        (
            "results",
            r#"{"count": 2, "next": null, "results": [1, 2]}"#,
        ),
    ] {
        assert_eq!(items_at(path, body), (Ok(vec![1, 2]), Some(2)), "{path}");
    }
}

#[test]
fn a_place_without_a_list_is_an_error_that_names_the_keys_there() {
    let studio = r#"{"next": null, "results": {"in_process": [], "courses": [1]}}"#;
    let no_list = |place: &str, keys: &str| {
        let (place, keys) = (place.to_owned(), keys.to_owned());
        Err(PageError::NoList { place, keys })
    };
    for (path, body, expected) in [
        ("results", studio, no_list("results", "courses, in_process")),
        (
            "results.course",
            studio,
            no_list("results.course", "courses, in_process"),
        ),
        ("courses", studio, no_list("courses", "next, results")),
        ("results.courses.x", studio, Err(PageError::NotAPage)),
        (
            "results",
            r#"{"next": null, "results": {}}"#,
            Err(PageError::NotAPage),
        ),
        (
            "results",
            r#"{"next": null, "results": 5}"#,
            Err(PageError::NotAPage),
        ),
        ("results", "{}", Err(PageError::NotAPage)),
        ("results", "5", Err(PageError::NotAPage)),
    ] {
        assert_eq!(items_at(path, body).0, expected, "{path} {body}");
    }
}

#[test]
fn a_path_is_checked_when_it_is_set() {
    for (path, expected) in [
        ("", ItemsPathError::Empty),
        ("results.0", ItemsPathError::Number),
        (&["a"; 100].join("."), ItemsPathError::TooDeep),
    ] {
        assert_eq!(paginator().items_at(path).err(), Some(expected), "{path}");
    }
}

#[test]
fn an_html_page_in_the_place_of_a_list_is_waited_out() {
    for body in [
        "<html>Maintenance</html>",
        "\u{feff}\r\n<!DOCTYPE html>",
        " <p>",
    ] {
        let mut pages = paginator();

        let error = pages.on_response::<u32>(&response(200, body)).unwrap_err();

        assert_eq!(error, PageError::Html, "{body}");
        assert!(error.is_retryable(), "{body}");
        assert_eq!(url(&pages).as_deref(), Some(LIST), "{body}");
    }
}

#[test]
fn the_total_is_what_the_last_page_says() {
    let mut pages = paginator();
    let mut total = |number: usize, count: &str| {
        let body = format!(r#"{{"count":{count},"next":"?page={number}","results":[1,2]}}"#);
        let items: Vec<u32> = pages.on_response(&response(200, &body)).unwrap();
        assert_eq!(items, [1, 2]);
        pages.total()
    };

    assert_eq!(total(2, "9"), Some(9));
    assert_eq!(total(3, "7"), Some(7));
    for (number, count) in [
        (4, "-1"),
        (5, "\"9\""),
        (6, "1e400"),
        (7, "9.5"),
        (8, "null"),
    ] {
        assert_eq!(total(number, count), None, "{count}");
    }
    assert_eq!(total(9, "0"), Some(0));
}

#[test]
fn a_report_tells_what_was_read() {
    let mut pages = paginator();
    assert_eq!(pages.report(), PagesReport::default());
    let first = r#"{"count":5,"next":"?page=2","results":[1,2]}"#;
    let last = r#"{"count":4,"next":null,"results":[3]}"#;

    let read: Result<Vec<u32>, _> = pages.on_response(&response(200, first));
    assert!(read.is_ok());
    let failed: Result<Vec<u32>, _> = pages.on_response(&response(503, ""));
    assert!(failed.is_err());
    assert!(pages.retry(None, after(MINUTE), Jitter::NONE).is_some());
    assert!(
        pages
            .retry(Some(3 * MINUTE), after(MINUTE), Jitter::NONE)
            .is_none()
    );
    let read: Result<Vec<u32>, _> = pages.on_response(&response(200, last));
    assert!(read.is_ok());

    assert_eq!(
        pages.report(),
        PagesReport {
            items: 3,
            pages: 2,
            first_total: Some(5),
            last_total: Some(4),
            retries: 1,
        }
    );
}

#[test]
fn another_paginator_goes_on_from_a_stored_position() {
    let mut pages = paginator();
    assert!(page(&mut pages, r#""?cursor=cD0y""#).is_ok());
    let stored = pages.position().unwrap().to_string();

    let position = stored.parse().unwrap();
    let mut resumed = Paginator::from_position(&position, pages.origins.clone()).unwrap();

    assert_eq!(resumed.url(), pages.url());
    assert_eq!(page(&mut resumed, "null"), Ok(vec![1, 2]));
    assert_eq!(resumed.position(), None);
}

#[test]
fn a_position_moves_only_with_a_whole_page() {
    let mut pages = paginator();
    let start = pages.position();

    assert!(page(&mut pages, r#""https://evil.example/""#).is_err());
    assert_eq!(pages.position(), start);
    assert!(page(&mut pages, r#""?page=2""#).is_ok());
    assert_ne!(pages.position(), start);
}

#[test]
fn a_position_of_another_site_is_an_error() {
    let position = paginator().position().unwrap();

    let error = Paginator::from_position(&position, Origins::edx()).unwrap_err();

    assert!(matches!(error, UrlError::OtherOrigin { .. }), "{error}");
}

#[test]
fn an_error_status_is_not_a_page_and_may_be_retryable() {
    for (status, is_retryable) in [
        (429, true),
        (503, true),
        (500, true),
        (408, true),
        (401, false),
        (403, false),
        (404, false),
        (302, false),
    ] {
        let error = paginator()
            .on_response::<Value>(&response(status, "[]"))
            .unwrap_err();
        assert_eq!(error.is_retryable(), is_retryable, "{status}");
    }
}

#[test]
fn waits_grow_and_are_no_shorter_than_the_server_asks() {
    let mut pages = paginator();
    let seconds = Duration::from_secs;
    let mut wait = |asked| pages.retry(asked, after(Duration::ZERO), Jitter::NONE);

    assert_eq!(wait(None), Some(seconds(1)));
    assert_eq!(wait(None), Some(seconds(2)));
    assert_eq!(wait(Some(seconds(60))), Some(seconds(60)));
    assert_eq!(wait(Some(seconds(121))), None);
    assert_eq!(wait(None), Some(seconds(8)));
    assert_eq!(wait(None), Some(seconds(16)));
    assert_eq!(wait(None), Some(seconds(32)));
    assert_eq!(wait(None), Some(seconds(32)));
}

#[test]
fn a_list_can_have_its_own_retry_timeout() {
    let hour = Duration::from_secs(60 * 60);
    let wait = |mut pages: Paginator| pages.retry(Some(hour), after(Duration::ZERO), Jitter::NONE);

    assert_eq!(wait(paginator()), None);
    assert_eq!(wait(paginator().retry_timeout(hour)), Some(hour));
    assert_eq!(wait(paginator().retry_timeout(hour - MILLI)), None);
}

#[test]
fn the_retry_timeout_is_counted_from_the_first_fetch_of_a_page() {
    let wait = |elapsed| {
        let mut pages = paginator();
        let _first = pages.poll(after(MINUTE));
        let _again = pages.poll(after(MINUTE + elapsed));
        pages.retry(None, after(MINUTE + elapsed), Jitter::FULL)
    };

    assert_eq!(wait(118_750 * MILLI), Some(1250 * MILLI));
    assert_eq!(wait(118_751 * MILLI), None);
}

#[test]
fn the_next_page_has_the_whole_retry_timeout() {
    let mut pages = paginator();
    let _first = pages.poll(after(Duration::ZERO));
    assert!(page(&mut pages, r#""?page=2""#).is_ok());
    let _second = pages.poll(after(2 * MINUTE));

    let wait = pages.retry(Some(2 * MINUTE), after(2 * MINUTE), Jitter::NONE);

    assert_eq!(wait, Some(2 * MINUTE));
}

#[test]
fn a_page_is_fetched_again_after_its_wait() {
    let mut pages = paginator();
    assert_eq!(fetched(pages.poll(after(Duration::ZERO))), LIST);

    let wait = pages.retry(None, after(MINUTE), Jitter::NONE).unwrap();

    let early = pages.poll(after(MINUTE + wait - MILLI));
    assert!(matches!(early, PageStep::Wait(MILLI)), "{early:?}");
    assert_eq!(fetched(pages.poll(after(MINUTE + wait))), LIST);
}

#[test]
fn the_wait_for_a_page_ends_when_either_clock_says_so() {
    let moment = |monotonic, wall| Moment { monotonic, wall };
    let mut pages = paginator();
    let wait = pages.retry(None, moment(MINUTE, MINUTE), Jitter::NONE);
    let end = MINUTE + wait.unwrap();

    for early in [
        moment(end.saturating_sub(MILLI), MINUTE),
        moment(MINUTE, end.saturating_sub(MILLI)),
    ] {
        let step = pages.clone().poll(early);
        assert!(matches!(step, PageStep::Wait(MILLI)), "{step:?}");
    }
    for now in [
        moment(end, MINUTE),
        moment(MINUTE, end),
        moment(end, Duration::ZERO),
    ] {
        assert_eq!(fetched(pages.clone().poll(now)), LIST);
    }
}

#[test]
fn a_page_is_fetched_from_where_redirects_led() {
    let mut pages = paginator();
    pages.redirected_to("https://lms.example/new/list/");

    let found = fetched(pages.poll(after(Duration::ZERO)));

    assert_eq!(found, "https://lms.example/new/list/");
}

#[test]
fn nothing_is_fetched_after_the_end() {
    let mut pages = paginator();
    assert!(page(&mut pages, "null").is_ok());

    let step = pages.poll(after(Duration::ZERO));
    assert!(matches!(step, PageStep::End), "{step:?}");
}

#[test]
fn a_page_that_arrived_ends_the_failures_before_it() {
    let mut pages = paginator();
    let mut first = paginator();
    let first = first.retry(None, after(Duration::ZERO), Jitter::NONE);
    for _ in 0..2 {
        let _wait = pages.retry(None, after(Duration::ZERO), Jitter::NONE);
    }

    assert!(page(&mut pages, r#""?page=2""#).is_ok());

    assert_eq!(
        pages.retry(None, after(Duration::ZERO), Jitter::NONE),
        first
    );
}

#[test]
fn a_page_has_at_most_64_mib() {
    assert_eq!(Paginator::BODY_LIMIT, 67_108_864);
}

#[test]
fn a_redirect_out_of_the_origins_moves_no_page() {
    let mut pages = paginator();

    pages.redirected_to("https://elsewhere.example/list/");

    assert_eq!(url(&pages).as_deref(), Some(LIST));
}

#[test]
fn a_query_is_for_the_url_of_the_list_alone() {
    let mut pages = paginator().query("page_size=2").unwrap().query("").unwrap();
    let first = fetched(pages.poll(after(Duration::ZERO)));
    assert_eq!(pages.position(), Some(Position::of(pages.url().unwrap())));
    assert!(page(&mut pages, r#""?page_size=2&page=2""#).is_ok());

    let mut pages = pages.query("page_size=9").unwrap();
    let position = pages.position().unwrap();
    let second = fetched(pages.poll(after(Duration::ZERO)));
    let resumed = Paginator::from_position(&position, pages.origins).unwrap();
    let resumed = fetched(resumed.query("page_size=9").unwrap().poll(after(MINUTE)));

    assert_eq!(first, format!("{LIST}?page_size=2"));
    assert_eq!(second, format!("{LIST}?page_size=2&page=2"));
    assert_eq!(resumed, second);
    assert!(paginator().query("a b").is_err());
}

/// Returns the headers of the request for the next page, sorted, without those that every call has.
fn sent(pages: &mut Paginator) -> Vec<(String, String)> {
    let token = crate::AccessToken::new(crate::TokenType::Jwt, "a.b.c").unwrap();
    let mut agent = crate::TokenAgent::fixed(token);
    let PageStep::Fetch(mut call) = pages.poll(after(Duration::ZERO)) else {
        panic!("it ended");
    };
    let crate::CallStep::Send(request) = call.poll(&mut agent, after(Duration::ZERO)) else {
        panic!("it is not sent");
    };
    let request = request.with_body(());
    let headers = request.headers().iter();
    let headers = headers.filter(|(name, _)| *name != "authorization" && *name != "accept");
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let mut headers: Vec<_> = headers.collect();
    headers.sort();
    headers
}

#[test]
fn debug_shows_the_list_without_headers_and_query() {
    let key = HeaderValue::from_static("s3cret");
    let pages = paginator().query("username=ada").unwrap();
    let pages = pages.header(HeaderName::from_static("x-api-key"), key);

    let shown = format!("{pages:?}");

    assert!(shown.contains(LIST), "{shown}");
    assert!(
        !shown.contains("s3cret") && !shown.contains("ada"),
        "{shown}"
    );
}

#[test]
fn headers_go_to_every_page_and_those_of_an_origin_to_no_other() {
    let origins = Origins::none()
        .allow("https://lms.example")
        .and_then(|origins| origins.allow("https://cms.example"))
        .unwrap();
    let value = HeaderValue::from_static;
    let pages = Paginator::new(LIST, origins).unwrap();
    let mut pages = pages
        .header(http::header::COOKIE, value("a=b"))
        .header(http::header::ACCEPT_LANGUAGE, value("de"))
        .header(HeaderName::from_static("x-tag"), value("1"))
        .header(HeaderName::from_static("x-tag"), value("2"));
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    let everywhere = [("accept-language", "de"), ("x-tag", "1"), ("x-tag", "2")];
    let everywhere: Vec<_> = everywhere.iter().map(owned).collect();
    let mut at_home = [vec![owned(&("cookie", "a=b"))], everywhere.clone()].concat();
    at_home.sort();

    for (next, expected) in [
        (r#""?page=2""#, &at_home),
        (r#""https://cms.example/list/?page=3""#, &at_home),
        (r#""https://lms.example/api/list/?page=4""#, &everywhere),
        ("null", &at_home),
    ] {
        assert_eq!(&sent(&mut pages), expected, "before {next}");
        assert!(page(&mut pages, next).is_ok());
    }
    assert!(!format!("{pages:?}").contains("a=b"));
}

#[test]
fn a_whole_page_is_one_item_and_its_items_are_counted() {
    let mut pages = paginator().whole_pages();
    let first = r#"{"count":3,"next":"?page=2","results":[1,2],"facets":{"org":7}}"#;
    let last = "\u{feff}[3]";

    let mut read = |body| pages.on_response::<Value>(&response(200, body)).unwrap();
    let (first_page, last_page) = (read(first), read(last));

    assert_eq!(first_page.len(), 1);
    assert_eq!(first_page[0]["facets"]["org"], 7);
    assert_eq!(last_page, [serde_json::json!([3])]);
    let report = pages.report();
    assert_eq!((report.items, report.pages), (3, 2));
    assert_eq!(report.first_total, Some(3));
}

#[test]
fn a_whole_page_has_to_be_a_page() {
    for (body, expected) in [
        (r#"{"detail":"No."}"#, None),
        ("<html>", Some(PageError::Html)),
        (r#"{"results":[1]}"#, Some(PageError::NotAPage)),
    ] {
        let read = paginator()
            .whole_pages()
            .on_response::<Value>(&response(200, body));
        let error = read.unwrap_err();
        assert!(expected.is_none_or(|expected| error == expected), "{body}");
    }
    let other = paginator()
        .whole_pages()
        .on_response::<u8>(&response(200, r#"{"next":null,"results":[]}"#));
    assert!(matches!(other, Err(PageError::Item(_))), "{other:?}");
}
