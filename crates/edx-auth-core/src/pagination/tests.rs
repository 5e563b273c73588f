//! A list, page by page.
#![expect(
    clippy::unchecked_time_subtraction,
    reason = "the moment just before a deadline, which is a constant"
)]

use alloc::vec;

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

#[test]
fn a_list_that_continues_by_other_means_is_an_error_and_not_an_end() {
    let response = |status: u16, link: &str| {
        let response = Response::builder().status(status).header(LINK, link);
        response.body(&b"[1, 2]"[..]).unwrap()
    };
    for (status, link, is_whole) in [
        (200, "<https://lms.example/?page=1>; rel=\"first\"", true),
        (200, "<https://lms.example/?page=2>; rel=\"next\"", false),
        (200, "</?page=9>; rel=last, </?page=2>; rel=next", false),
        (206, "</>; rel=first", false),
    ] {
        let items = paginator().on_response::<u32>(&response(status, link));
        assert_eq!(items.is_ok(), is_whole, "{status} {link}");
    }
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
    let PageStep::Fetch(url) = pages.poll(after(Duration::ZERO)) else {
        panic!("it is not fetched yet");
    };
    assert_eq!(url.to_string(), LIST);

    let wait = pages.retry(None, after(MINUTE), Jitter::NONE).unwrap();

    let early = pages.poll(after(MINUTE + wait - MILLI));
    assert_eq!(early, PageStep::Wait(MILLI));
    assert_eq!(pages.poll(after(MINUTE + wait)), PageStep::Fetch(url));
}

#[test]
fn a_page_is_fetched_from_where_redirects_led() {
    let mut pages = paginator();
    pages.redirected_to("https://lms.example/new/list/");

    let step = pages.poll(after(Duration::ZERO));

    assert!(
        matches!(&step, PageStep::Fetch(url) if url.to_string() == "https://lms.example/new/list/"),
        "{step:?}"
    );
}

#[test]
fn nothing_is_fetched_after_the_end() {
    let mut pages = paginator();
    assert!(page(&mut pages, "null").is_ok());

    assert_eq!(pages.poll(after(Duration::ZERO)), PageStep::End);
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
