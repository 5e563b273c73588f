//! A walk, page by page.

use alloc::vec;

use serde_json::Value;

use super::*;

const LIST: &str = "https://lms.example/api/list/";

fn walk() -> PageWalk {
    let origins = Origins::none().allow("https://lms.example").unwrap();
    PageWalk::new(LIST, origins).unwrap()
}

fn reply(status: u16, body: &str) -> Response<&[u8]> {
    Response::builder()
        .status(status)
        .body(body.as_bytes())
        .unwrap()
}

fn page(walk: &mut PageWalk, next: &str) -> Result<Vec<u32>, PageError> {
    let body = format!(r#"{{"count":9,"next":{next},"previous":null,"results":[1,2]}}"#);
    walk.answered(&reply(200, &body))
}

fn url(walk: &PageWalk) -> Option<String> {
    walk.url().map(ToString::to_string)
}

#[test]
fn the_end_is_where_there_is_no_next_page() {
    for next in [
        "null",
        r#""""#,
        r#"" ""#,
        r#""null""#,
        r#""None""#,
        r#""undefined""#,
    ] {
        let mut walk = walk();
        assert_eq!(page(&mut walk, next), Ok(vec![1, 2]), "{next}");
        assert_eq!(url(&walk), None, "{next}");
    }
}

#[test]
fn the_next_page_is_wherever_the_link_leads_inside_the_origins() {
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
        let mut walk = walk();
        assert_eq!(
            page(&mut walk, &format!("{next:?}")),
            Ok(vec![1, 2]),
            "{next}"
        );
        assert_eq!(url(&walk).as_deref(), Some(expected), "{next}");
    }
}

#[test]
fn a_link_that_leads_elsewhere_is_no_end() {
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
        let mut walk = walk();
        let fault = page(&mut walk, &format!("{next:?}")).unwrap_err();
        let stays = url(&walk).as_deref() == Some(LIST);
        assert!(
            matches!(fault, PageError::Next(_)) && stays,
            "{next}: {fault:?}"
        );
    }
}

#[test]
fn a_link_is_meant_from_where_its_page_was_found() {
    let mut walk = walk();
    walk.found_at("https://lms.example/new/list/1/");

    assert!(page(&mut walk, r#""../2/""#).is_ok());

    assert_eq!(
        url(&walk).as_deref(),
        Some("https://lms.example/new/list/2/")
    );
    assert_eq!(page(&mut walk, r#""/api/list/""#), Err(PageError::Loop));
    assert_eq!(page(&mut walk, r#""/new/list/1/""#), Err(PageError::Loop));
}

#[test]
fn a_list_that_leads_back_is_no_end() {
    let mut walk = walk();
    assert!(page(&mut walk, r#""?page=2""#).is_ok());
    assert!(page(&mut walk, r#""?page=3""#).is_ok());

    for next in [r#""?page=3""#, r#""?page=2""#, r#""/api/list/""#] {
        assert_eq!(page(&mut walk, next), Err(PageError::Loop), "{next}");
    }
    assert!(page(&mut walk, "null").is_ok());
}

#[test]
fn every_shape_of_a_list() {
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
        let mut walk = walk();
        let items: Result<Vec<Value>, _> = walk.answered(&reply(200, body));
        let seen = items.ok().map(|items| (items.len(), url(&walk)));
        let next = |query| format!("{LIST}{query}");
        assert_eq!(
            seen,
            expected.map(|(items, query)| (items, query.map(next))),
            "{body}"
        );
    }
}

#[test]
fn a_list_that_goes_on_by_other_means_is_no_end() {
    let reply = |status: u16, link: &str| {
        let reply = Response::builder().status(status).header(LINK, link);
        reply.body(&b"[1, 2]"[..]).unwrap()
    };
    for (status, link, is_whole) in [
        (200, "<https://lms.example/?page=1>; rel=\"first\"", true),
        (200, "<https://lms.example/?page=2>; rel=\"next\"", false),
        (200, "</?page=9>; rel=last, </?page=2>; rel=next", false),
        (206, "</>; rel=first", false),
    ] {
        let items = walk().answered::<u32>(&reply(status, link));
        assert_eq!(items.is_ok(), is_whole, "{status} {link}");
    }
}

#[test]
fn a_refusal_is_no_page_and_only_trouble_passes() {
    for (status, passes) in [
        (429, true),
        (503, true),
        (500, true),
        (408, true),
        (401, false),
        (403, false),
        (404, false),
        (302, false),
    ] {
        let fault = walk().answered::<Value>(&reply(status, "[]")).unwrap_err();
        assert_eq!(fault.is_retryable(), passes, "{status}");
    }
}

#[test]
fn waits_grow_and_keep_to_what_the_server_asks() {
    let mut walk = walk();
    let seconds = Duration::from_secs;
    let mut wait = |asked| walk.put_off(asked, Duration::ZERO, Jitter::NONE);

    assert_eq!(wait(None), Some(seconds(1)));
    assert_eq!(wait(None), Some(seconds(2)));
    assert_eq!(wait(Some(seconds(60))), Some(seconds(60)));
    assert_eq!(wait(Some(seconds(121))), None);
    assert_eq!(wait(None), Some(seconds(16)));
    assert_eq!(wait(None), Some(seconds(32)));
    assert_eq!(wait(None), Some(seconds(32)));
}

#[test]
fn a_walk_may_have_a_patience_of_its_own() {
    let hour = Duration::from_secs(60 * 60);

    assert_eq!(
        walk().put_off(Some(hour), Duration::ZERO, Jitter::NONE),
        None
    );
    let mut patient = walk().patience(hour);
    assert_eq!(
        patient.put_off(Some(hour), Duration::ZERO, Jitter::NONE),
        Some(hour)
    );
}

#[test]
fn patience_ends_with_what_has_elapsed() {
    let wait = |elapsed| walk().put_off(None, Duration::from_millis(elapsed), Jitter::FULL);

    assert_eq!(wait(118_750), Some(Duration::from_millis(1250)));
    assert_eq!(wait(118_751), None);
}

#[test]
fn a_page_that_came_forgets_the_trouble_before_it() {
    let mut walk = walk();
    let first = walk.put_off(None, Duration::ZERO, Jitter::NONE);
    let _second = walk.put_off(None, Duration::ZERO, Jitter::NONE);

    assert!(page(&mut walk, r#""?page=2""#).is_ok());

    assert_eq!(walk.put_off(None, Duration::ZERO, Jitter::NONE), first);
}

#[test]
fn a_page_may_have_64_mib() {
    assert_eq!(PageWalk::BODY_LIMIT, 67_108_864);
}

#[test]
fn a_page_that_was_found_where_the_token_is_not_for_is_where_it_was_asked_for() {
    let mut walk = walk();

    walk.found_at("https://elsewhere.example/list/");

    assert_eq!(url(&walk).as_deref(), Some(LIST));
}
