use std::time::Duration;

use edx_auth_testkit::{ClockOffset, Fingerprint, MockEdx};

use crate::wire::{Received, exchange, fetch_token, get, post_form};

const PATH: &str = MockEdx::CATALOGS_PATH;
const NOT_PROVIDED: &str = r#"{"detail":"Authentication credentials were not provided."}"#;
const INVALID: &str = r#"{"detail":"Invalid token."}"#;

fn get_with(edx: &MockEdx, token: &str) -> Received {
    get(edx, PATH, &format!("Authorization: JWT {token}\r\n"))
}

#[test]
fn a_good_token_gets_the_first_page() {
    let edx = MockEdx::start().unwrap();
    let token = fetch_token(&edx);

    for scheme in ["JWT", "jwt", "Jwt"] {
        let response = get(&edx, PATH, &format!("Authorization: {scheme} {token}\r\n"));

        let beginning = r#"{"next":"http://edx/api/v1/catalogs/?page=2","previous":null,"count":25,"num_pages":3,"current_page":1,"start":0,"results":[{"#;
        assert_eq!(response.status, 200);
        assert_eq!(response.header("Content-Type"), Some("application/json"));
        assert_eq!(response.header("Allow"), Some("GET, HEAD, OPTIONS"));
        assert!(response.body.starts_with(beginning), "{}", response.body);
        assert_eq!(response.json()["results"].as_array().unwrap().len(), 10);
    }
    let last = edx.requests().pop().unwrap();
    assert_eq!(last.token(), Some(Fingerprint::of(&token)));
}

#[test]
fn another_page_has_links_in_both_directions() {
    let edx = MockEdx::start().unwrap();
    let header = format!("Authorization: JWT {}\r\n", fetch_token(&edx));

    let second = get(&edx, "/api/v1/catalogs/?page=2&page_size=2", &header);
    let beyond = get(&edx, "/api/v1/catalogs/?page=4", &header);

    assert_eq!(
        second.body,
        r#"{"next":"http://edx/api/v1/catalogs/?page=3&page_size=2","previous":"http://edx/api/v1/catalogs/?page_size=2","count":25,"num_pages":13,"current_page":2,"start":2,"results":[{"id":3,"name":"Catalog 3"},{"id":4,"name":"Catalog 4"}]}"#
    );
    let not_found = (404, r#"{"detail":"Invalid page."}"#);
    assert_eq!((beyond.status, beyond.body.as_str()), not_found);
}

#[test]
fn every_bad_header_has_its_own_error_message() {
    let edx = MockEdx::start().unwrap();
    let token = fetch_token(&edx);
    let opaque = "a".repeat(30);
    let tampered = format!("{}AAAA", token.split_at(token.len() - 4).0);

    for (header, body) in [
        (String::new(), NOT_PROVIDED),
        (format!("Authorization: Bearer {token}\r\n"), NOT_PROVIDED),
        (format!("Authorization: JWT  {token}\r\n"), NOT_PROVIDED),
        (
            format!("Authorization: JWT {token} {token}\r\n"),
            NOT_PROVIDED,
        ),
        ("Authorization: JWT\r\n".to_owned(), NOT_PROVIDED),
        (format!("Authorization: Bearer {opaque}\r\n"), NOT_PROVIDED),
        (format!("Authorization: JWT {opaque}\r\n"), INVALID),
        ("Authorization: JWT garbage\r\n".to_owned(), INVALID),
        ("Authorization: JWT a.b.c\r\n".to_owned(), INVALID),
        (format!("Authorization: JWT {tampered}\r\n"), INVALID),
    ] {
        let response = get(&edx, PATH, &header);

        assert_eq!(
            (response.status, response.body.as_str()),
            (401, body),
            "{header}"
        );
        assert_eq!(
            response.header("WWW-Authenticate"),
            Some(r#"JWT realm="api""#)
        );
        assert_eq!(response.header("Content-Type"), Some("application/json"));
    }
}

#[test]
fn a_token_is_rejected_from_its_last_second_on() {
    let edx = MockEdx::builder()
        .token_lifetime(Duration::ZERO)
        .start()
        .unwrap();

    let response = get_with(&edx, &fetch_token(&edx));

    assert_eq!((response.status, response.body.as_str()), (401, INVALID));
}

#[test]
fn a_clock_offset_invalidates_tokens_and_makes_them_valid_again() {
    let edx = MockEdx::start().unwrap();
    let token = fetch_token(&edx);
    let status_at = |offset| {
        edx.set_clock_offset(offset);
        get_with(&edx, &token).status
    };

    assert_eq!(
        status_at(ClockOffset::Ahead(Duration::from_secs(3600))),
        401
    );
    assert_eq!(
        status_at(ClockOffset::Behind(Duration::from_secs(3600))),
        401
    );
    assert_eq!(status_at(ClockOffset::NONE), 200);
}

#[test]
fn after_a_key_rotation_old_tokens_are_rejected_and_new_ones_accepted() {
    let edx = MockEdx::start().unwrap();
    let old = fetch_token(&edx);

    edx.rotate_signing_key();

    assert_eq!(get_with(&edx, &old).body, INVALID);
    assert_eq!(get_with(&edx, &fetch_token(&edx)).status, 200);
}

#[test]
fn a_token_of_another_site_is_rejected() {
    let edx = MockEdx::start().unwrap();
    let elsewhere = MockEdx::start().unwrap();

    assert_eq!(get_with(&edx, &fetch_token(&elsewhere)).body, INVALID);
}

#[test]
fn no_client_acts_for_a_staff_user() {
    let edx = MockEdx::start().unwrap();
    let header = format!("Authorization: JWT {}\r\n", fetch_token(&edx));

    let anonymous = get(&edx, "/api/v1/staff-only/", "");
    let known = get(&edx, "/api/v1/staff-only/", &header);

    assert_eq!(
        (anonymous.status, anonymous.body.as_str()),
        (401, NOT_PROVIDED)
    );
    let forbidden = r#"{"detail":"You do not have permission to perform this action."}"#;
    assert_eq!((known.status, known.body.as_str()), (403, forbidden));
    assert_eq!(known.header("WWW-Authenticate"), None);
}

#[test]
fn the_list_is_read_only() {
    let edx = MockEdx::start().unwrap();
    let header = format!("Authorization: JWT {}\r\n", fetch_token(&edx));

    let posted = exchange(&edx, &post_form(PATH, &header, "a=b"));
    let head = exchange(&edx, &format!("HEAD {PATH} HTTP/1.1\r\n{header}\r\n"));
    let got = get(&edx, PATH, &header);

    let rejected = r#"{"detail":"Method \"POST\" not allowed."}"#;
    assert_eq!((posted.status, posted.body.as_str()), (405, rejected));
    assert_eq!(posted.header("Allow"), Some("GET, HEAD, OPTIONS"));
    assert_eq!(head.status, 200);
    assert_eq!(head.header("Content-Length"), got.header("Content-Length"));
}

#[test]
fn only_json_is_served() {
    let edx = MockEdx::start().unwrap();
    let header = format!("Authorization: JWT {}\r\n", fetch_token(&edx));

    for accept in ["text/html", "application/xml"] {
        let response = get(&edx, PATH, &format!("{header}Accept: {accept}\r\n"));

        let detail = r#"{"detail":"Could not satisfy the request Accept header."}"#;
        assert_eq!((response.status, response.body.as_str()), (406, detail));
    }
}

#[test]
fn the_list_without_its_trailing_slash_redirects() {
    let edx = MockEdx::start().unwrap();

    for (request, location) in [
        ("GET /api/v1/catalogs HTTP/1.1\r\n\r\n", "/api/v1/catalogs/"),
        (
            "POST /api/v1/catalogs HTTP/1.1\r\n\r\n",
            "/api/v1/catalogs/",
        ),
        (
            "GET /api/v1/catalogs?page=2 HTTP/1.1\r\n\r\n",
            "/api/v1/catalogs/?page=2",
        ),
    ] {
        let response = exchange(&edx, request);

        assert_eq!((response.status, response.body.as_str()), (301, ""));
        assert_eq!(response.header("Location"), Some(location));
        assert_eq!(response.header("Connection"), Some("close"));
    }
}
