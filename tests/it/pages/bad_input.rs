//! Bad input, of the program and of the API: an error with a type, or a result that the documentation
//! promises. The token goes nowhere else.

use edx_auth_core::{ItemsPathError, Origins, Paginator, Position, PositionError};
use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::clients::{List, Listing};
use serde_json::json;

use super::list::{ids, inner_page, items, path, requests, serve, url};
use super::over_both;

#[test]
fn a_position_of_another_site_is_one_error_and_sends_nothing() {
    over_both(|edx, client| {
        let other = MockEdx::start().unwrap();
        for foreign in [
            url(&other, 2),
            url(edx, 2).replace("127.0.0.1", "localhost"),
            url(edx, 2).replace("http://", "https://"),
            "https://api.edx.org/catalog/v1/catalogs?page=2".to_owned(),
        ] {
            let listing = client.read(&rest(&foreign), &mut |_item| {});

            let broken = listing.broken.unwrap();
            assert_eq!((listing.ids, broken.page), (vec![], None), "{foreign}");
            let words = broken.failure.words;
            assert!(
                words.starts_with("the token is not for "),
                "{foreign}: {words}"
            );
        }
        assert_eq!(edx.requests().len() + other.requests().len(), 0);
    });
}

#[test]
fn a_position_made_by_hand_is_followed_like_any_url() {
    over_both(|edx, client| {
        serve(edx, 3);
        edx.on("GET", "/login", MockResponse::html(200, "<h1>Sign in</h1>"));

        let inside = client.read(&rest(&url(edx, 2)), &mut |_item| {});
        let mut nowhere = rest(&(edx.url().to_owned() + "/login"));
        nowhere.retry_timeout = Some(std::time::Duration::ZERO);
        let nowhere = client.read(&nowhere, &mut |_item| {});

        assert_eq!((inside.ids, inside.broken), (ids(2..=3), None));
        let words = nowhere.broken.unwrap().failure.words;
        assert_eq!(
            words,
            "the API responded with an HTML page and not with a list"
        );
    });
}

#[test]
fn a_text_that_is_no_position_has_a_type_of_error() {
    let whole = position(SOMEWHERE).to_string();
    for (text, expected) in [
        (whole.replacen("/1 ", "/2 ", 1), PositionError::Version),
        (whole.replacen("/1 ", "/", 1), PositionError::Version),
        (whole[..whole.len() - 1].to_owned(), PositionError::Damaged),
        (whole.clone() + "0", PositionError::Damaged),
        (SOMEWHERE.to_owned(), PositionError::Damaged),
        ("edx-auth-position/1 0 ".to_owned(), PositionError::Damaged),
        (String::new(), PositionError::Damaged),
    ] {
        assert_eq!(text.parse::<Position>().err(), Some(expected), "{text}");
    }
    let made = "edx-auth-position/1 16 javascript:void".parse::<Position>();
    assert_eq!(made.err(), Some(PositionError::Damaged));
    let made: Position = "edx-auth-position/1 16 javascript:void0".parse().unwrap();
    assert!(Paginator::from_position(&made, Origins::edx()).is_err());
}

#[test]
fn a_place_of_the_items_that_is_none_has_a_type_of_error() {
    let deep = ["a"; 100].join(".");
    for (place, expected) in [
        ("", ItemsPathError::Empty),
        (".", ItemsPathError::Empty),
        ("results..courses", ItemsPathError::Empty),
        ("0", ItemsPathError::Number),
        ("results.7.courses", ItemsPathError::Number),
        (&deep, ItemsPathError::TooDeep),
    ] {
        let pages = Paginator::new(SOMEWHERE, Origins::edx()).unwrap();
        assert_eq!(pages.items_at(place).err(), Some(expected), "{place}");
    }
}

#[test]
fn a_count_that_is_no_number_of_items_changes_nothing() {
    over_both(|edx, client| {
        for count in [
            "-1",
            "\"9\"",
            "1e400",
            "9.5",
            "{}",
            "null",
            "99999999999999999999",
        ] {
            let body = format!(
                r#"{{"count": {count}, "next": null, "results": {}}}"#,
                items(1)
            );
            edx.on("GET", path(1), MockResponse::json(200, body));

            let listing = client.pages(&url(edx, 1));

            assert_eq!((listing.ids, listing.broken), (ids([1]), None), "{count}");
        }
    });
}

#[test]
fn a_next_link_on_the_last_page_that_leads_to_itself_is_an_error() {
    over_both(|edx, client| {
        edx.on("GET", path(1), inner_page(1));
        for again in [
            path(2),
            "?".to_owned(),
            url(edx, 2) + "#top",
            "../2/".to_owned(),
        ] {
            let last = json!({"count": 6, "next": again, "results": items(2)});
            edx.on("GET", path(2), MockResponse::json(200, last.to_string()));
            let before = requests(edx);

            let listing = client.pages(&url(edx, 1));

            let expected = match again.as_str() {
                // A URL with an empty query is another one.
                "?" => 3,
                _ => 2,
            };
            assert_eq!(requests(edx) - before, expected, "{again}");
            assert_eq!(words(listing), LOOP, "{again}");
        }
    });
}

#[test]
fn a_login_page_in_the_place_of_a_page_is_handed_back_as_a_redirect() {
    over_both(|edx, client| {
        serve(edx, 3);
        edx.on("GET", "/login", MockResponse::html(200, "<h1>Sign in</h1>"));
        for status in [302, 303, 307] {
            let to_login = MockResponse::redirect(status, "/login?next=%2Flist%2F2%2F");
            edx.next_request(path(2), to_login);

            let listing = client.pages(&url(edx, 1));

            assert_eq!(listing.ids, ids([1]), "{status}");
            let words = words(listing);
            assert!(words.contains(&status.to_string()), "{words}");
        }
        assert!(edx.requests().iter().all(|sent| sent.path() != "/login"));
    });
}

#[test]
fn an_error_in_the_place_of_a_page_means_what_its_status_says() {
    let long = "a".repeat(10 * 1024);
    let (open, close) = (r#"{"a":"#.repeat(200), "}".repeat(200));
    let bodies = [
        r#"{"type":"https://docs.openedx.org/errors/authn","title":"Authentication Failed","status":401}"#.to_owned(),
        r#"{"status":200,"results":[{"id":4}],"next":null}"#.to_owned(),
        format!(r#"{{"type":"https://docs.openedx.org/errors/{long}","status":503}}"#),
        format!(r#"{{"type":"x","errors":{open}1{close}}}"#),
    ];
    let bodies: &'static [String] = Box::leak(Box::new(bodies));
    over_both(move |edx, client| {
        serve(edx, 3);
        for body in bodies {
            edx.next_request(path(2), MockResponse::json(404, body.as_str()));

            let listing = client.pages(&url(edx, 1));

            assert_eq!(listing.ids, ids([1]), "{body}");
            assert_eq!(
                words(listing),
                "the API responded with 404 Not Found",
                "{body}"
            );
        }
        assert_eq!(edx.token_requests(), 1);
    });
}

fn words(listing: Listing) -> String {
    listing.broken.expect("an error").failure.words
}

fn rest(url: &str) -> List {
    List::from_position(position(url))
}

fn position(url: &str) -> Position {
    format!("edx-auth-position/1 {} {url}", url.len())
        .parse()
        .unwrap()
}

const SOMEWHERE: &str = "https://api.edx.org/catalog/v1/catalogs?page=12";

const LOOP: &str = "the next link leads back to a page that was read already";
