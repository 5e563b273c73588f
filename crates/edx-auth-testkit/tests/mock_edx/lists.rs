//! Lists that a test defines.

use edx_auth_testkit::{MockEdx, MockList, MockResponse};

use crate::wire::{Received, exchange, fetch_token, get, post_form};

const PATH: &str = "/api/v1/courses/";

fn get_with(edx: &MockEdx, target: &str, token: &str) -> Received {
    get(edx, target, &format!("Authorization: JWT {token}\r\n"))
}

#[test]
fn a_list_is_served_in_pages_unchanged() {
    let edx = MockEdx::start().unwrap();
    edx.list(PATH, [r#"{"b": 1,  "a": 2.50}"#, "3", "null"]);
    let token = fetch_token(&edx);

    let first = get_with(&edx, "/api/v1/courses/?page_size=2", &token);
    let last = get_with(&edx, "/api/v1/courses/?page=last&page_size=2", &token);
    let beyond = get_with(&edx, "/api/v1/courses/?page=2", &token);

    assert_eq!(first.status, 200);
    assert_eq!(
        first.body,
        r#"{"next":"http://edx/api/v1/courses/?page=2&page_size=2","previous":null,"count":3,"num_pages":2,"current_page":1,"start":0,"results":[{"b": 1,  "a": 2.50},3]}"#
    );
    assert_eq!(
        last.body,
        r#"{"next":null,"previous":"http://edx/api/v1/courses/?page_size=2","count":3,"num_pages":2,"current_page":2,"start":2,"results":[null]}"#
    );
    let not_found = (404, r#"{"detail":"Invalid page."}"#);
    assert_eq!((beyond.status, beyond.body.as_str()), not_found);
}

#[test]
fn a_page_has_ten_items_or_as_many_as_asked_up_to_a_hundred() {
    let edx = MockEdx::start().unwrap();
    edx.list(PATH, (1..=250).map(|id| id.to_string()));
    let token = fetch_token(&edx);

    for (query, pages, items) in [
        ("", 25, 10),
        ("?page_size=100", 3, 100),
        ("?page_size=101", 3, 100),
        ("?page=3&page_size=100", 3, 50),
        ("?page_size=0", 25, 10),
        ("?page_size=x", 25, 10),
    ] {
        let page = get_with(&edx, &format!("{PATH}{query}"), &token).json();

        assert_eq!(page["num_pages"], pages, "{query}");
        assert_eq!(page["results"].as_array().unwrap().len(), items, "{query}");
    }
}

#[test]
fn an_empty_list_is_one_empty_page() {
    let edx = MockEdx::start().unwrap();
    edx.list(PATH, Vec::<String>::new());

    let page = get_with(&edx, PATH, &fetch_token(&edx));

    assert_eq!(
        page.body,
        r#"{"next":null,"previous":null,"count":0,"num_pages":1,"current_page":1,"start":0,"results":[]}"#
    );
}

#[test]
fn a_list_needs_a_token_like_the_catalogs() {
    let edx = MockEdx::start().unwrap();
    edx.list(PATH, ["1"]);
    let token = fetch_token(&edx);
    let good = format!("Authorization: JWT {token}\r\n");
    let html = format!("{good}Accept: text/html\r\n");

    for (request, status) in [
        ("GET PATH HTTP/1.1\r\n\r\n".to_owned(), 401),
        (
            "GET PATH HTTP/1.1\r\nAuthorization: JWT x\r\n\r\n".to_owned(),
            401,
        ),
        (format!("GET PATH HTTP/1.1\r\n{html}\r\n"), 406),
        (post_form("PATH", &good, "a=b"), 405),
    ] {
        let of_courses = exchange(&edx, &request.replace("PATH", PATH));
        let of_catalogs = exchange(&edx, &request.replace("PATH", MockEdx::CATALOGS_PATH));

        assert_eq!(of_courses.status, status, "{request}");
        assert_eq!(of_courses.headers, of_catalogs.headers, "{request}");
        assert_eq!(of_courses.body, of_catalogs.body, "{request}");
    }
}

#[test]
fn a_list_without_its_trailing_slash_redirects() {
    let edx = MockEdx::start().unwrap();
    edx.list(PATH, ["1"]);

    let response = get(&edx, "/api/v1/courses?page=2", "");

    assert_eq!(response.status, 301);
    assert_eq!(response.header("Location"), Some("/api/v1/courses/?page=2"));
}

#[test]
fn a_later_list_replaces_an_earlier_one_and_a_route_comes_first() {
    let edx = MockEdx::start().unwrap();
    let token = fetch_token(&edx);
    edx.list(PATH, ["1"]);
    edx.list(PATH, ["2"]);
    edx.list(MockEdx::CATALOGS_PATH, ["3"]);

    let courses = get_with(&edx, PATH, &token);
    let catalogs = get_with(&edx, MockEdx::CATALOGS_PATH, &token);
    edx.on("GET", PATH, MockResponse::new(291));
    let routed = get_with(&edx, PATH, &token);

    assert_eq!(courses.json()["results"][0], 2);
    assert_eq!(catalogs.json()["results"][0], 3);
    assert_eq!(routed.status, 291);
}

#[test]
fn a_list_by_offset_links_by_limit_and_offset() {
    let edx = MockEdx::start().unwrap();
    edx.list(PATH, MockList::new(["1", "2", "3"]).by_offset());

    let page = get_with(
        &edx,
        "/api/v1/courses/?limit=1&offset=1",
        &fetch_token(&edx),
    );

    assert_eq!(
        page.body,
        r#"{"count":3,"next":"http://edx/api/v1/courses/?limit=1&offset=2","previous":"http://edx/api/v1/courses/?limit=1","results":[2]}"#
    );
}

#[test]
fn a_list_by_cursor_has_no_count_and_knows_only_its_own_cursors() {
    let edx = MockEdx::start().unwrap();
    edx.list(
        PATH,
        MockList::new((1..=11).map(|id| id.to_string())).by_cursor(),
    );
    let token = fetch_token(&edx);

    let first = get_with(&edx, PATH, &token).json();
    let next = first["next"].as_str().unwrap().replace("http://edx", "");
    let last = get_with(&edx, &next, &token);
    let unknown = get_with(&edx, "/api/v1/courses/?cursor=2", &token);

    assert!(next.starts_with("/api/v1/courses/?cursor=") && !next.contains("=10"));
    assert_eq!(
        last.body,
        r#"{"next":null,"previous":"http://edx/api/v1/courses/","results":[11]}"#
    );
    let not_found = (404, r#"{"detail":"Invalid cursor"}"#);
    assert_eq!((unknown.status, unknown.body.as_str()), not_found);
}

#[test]
fn a_list_says_what_its_test_tells_it() {
    let edx = MockEdx::start().unwrap();
    let list = MockList::new(["1", "2"]).items_at("results.courses");
    let list = list.growing().links_below("http://lms:8000");
    edx.list(PATH, list.header("Deprecation", "@1767225600"));
    let token = fetch_token(&edx);

    let [first, second] = ["?page_size=1", "?page_size=1&page=2"]
        .map(|query| get_with(&edx, &format!("{PATH}{query}"), &token));

    assert_eq!(first.header("Deprecation"), Some("@1767225600"));
    let (first, second) = (first.json(), second.json());
    assert_eq!(first["results"]["courses"][0], 1);
    assert_eq!(
        first["next"],
        "http://lms:8000/api/v1/courses/?page=2&page_size=1"
    );
    assert_eq!((&first["count"], &second["count"]), (&2.into(), &3.into()));
}
