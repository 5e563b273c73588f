//! Query parameters and headers of a list, and its pages as a whole.

use edx_auth_core::Position;
use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::clients::{CLIENTS, List, Setup};
use edx_auth_tests::timeout::within_timeout;
use serde_json::json;

use super::list::{ids, items, page, path, requests, serve, url};
use super::over_both;

#[test]
fn a_query_goes_to_the_first_page_and_a_header_to_every_page() {
    over_both(|edx, client| {
        serve(edx, 3);
        let list = List::at(url(edx, 1) + "?org=edX")
            .query("keyword", "rust & co")
            .query("page_size", "3")
            .header("X-Tag", "one")
            .header("X-Tag", "two")
            .header("Authorization", "Basic abc");

        let listing = client.read(&list, &mut |_item| {});

        assert_eq!((listing.ids, listing.broken), (ids(1..=3), None));
        let sent = sent(edx);
        let queries: Vec<_> = sent.iter().map(|(query, _)| query.as_deref()).collect();
        let first = "org=edX&keyword=rust+%26+co&page_size=3";
        assert_eq!(queries, [Some(first), None, None]);
        assert!(sent.iter().all(|(_, tag)| tag == "one"), "{sent:?}");
        assert!(authorizations(edx).iter().all(|value| value == "JWT"));
    });
}

#[test]
fn a_position_has_its_query_already_and_no_headers() {
    over_both(|edx, client| {
        serve(edx, 2);
        let position = position(&(url(edx, 1) + "?page_size=3"));
        let rest = || List::from_position(position.clone()).query("page_size", "3");

        let plain = client.read(&rest(), &mut |_item| {});
        let tagged = client.read(&rest().header("X-Tag", "one"), &mut |_item| {});

        assert_eq!((plain.ids, plain.broken), (ids(1..=2), None));
        assert_eq!((tagged.ids, tagged.broken), (ids(1..=2), None));
        let query = || Some("page_size=3".to_owned());
        let expected = [(query(), ""), (None, ""), (query(), "one"), (None, "one")];
        assert_eq!(
            sent(edx),
            expected.map(|(query, tag)| (query, tag.to_owned()))
        );
    });
}

#[test]
fn headers_stay_inside_the_origins_and_those_of_an_origin_at_it() {
    for library in CLIENTS {
        within_timeout(move || {
            let (edx, other, evil) = (start(), start(), start());
            let client = (library.new_client)(Setup::of(&edx).and(other.url()));
            edx.on("GET", path(1), page(1, &json!(url(&other, 2))));
            other.on("GET", path(2), page(2, &json!(url(&edx, 3))));
            edx.on("GET", path(3), page(3, &json!(url(&evil, 4))));
            let list = List::at(url(&edx, 1))
                .header("X-Tag", "one")
                .header("Cookie", "a=b");

            let listing = client.read(&list, &mut |_item| {});

            assert_eq!(listing.ids, ids(1..=2), "{}", library.name);
            let tags = |site| {
                sent(site)
                    .into_iter()
                    .map(|(_, tag)| tag)
                    .collect::<Vec<_>>()
            };
            assert_eq!(tags(&edx), ["one", "one"], "{}", library.name);
            assert_eq!(tags(&other), ["one"], "{}", library.name);
            let cookies = |site: &MockEdx| {
                let requests = site.requests();
                requests
                    .iter()
                    .filter(|sent| sent.header("cookie").is_some())
                    .count()
            };
            assert_eq!((cookies(&edx), cookies(&other)), (2, 0), "{}", library.name);
            assert_eq!(evil.requests().len(), 0, "{}", library.name);
        });
    }
}

#[test]
fn a_mistake_in_a_header_is_the_first_item() {
    over_both(|edx, client| {
        serve(edx, 1);

        let listing = client.read(&List::at(url(edx, 1)).header("a b", "x"), &mut |_item| {});

        let broken = listing.broken.unwrap();
        assert_eq!((listing.ids, broken.page), (vec![], None));
        assert_eq!(broken.failure.words, "could not build the request");
        assert_eq!(edx.requests().len(), 0);
    });
}

#[test]
fn a_whole_page_has_what_is_beside_its_items() {
    over_both(|edx, client| {
        let whole = |number, next| json!({"count": 6, "next": next, "results": items(number), "facets": {"org": number}});
        let pages = [whole(1, json!(path(2))), whole(2, json!(null))];
        for (number, page) in (1..).zip(&pages) {
            edx.on(
                "GET",
                path(number),
                MockResponse::json(200, page.to_string()),
            );
        }
        edx.on(
            "GET",
            path(3),
            MockResponse::json(200, r#"{"detail": "No."}"#),
        );

        let read = client.whole_pages(&List::at(url(edx, 1)));
        let single = client.whole_pages(&List::at(url(edx, 3)));

        let read: Vec<_> = read.into_iter().map(Result::unwrap).collect();
        assert_eq!(read, pages);
        assert_eq!(single.len(), 1);
        assert!(single[0].is_err());
        assert_eq!(requests(edx), 3);
    });
}

fn start() -> MockEdx {
    MockEdx::start().unwrap()
}

/// Returns the query and the first `X-Tag` of each request for a page.
fn sent(edx: &MockEdx) -> Vec<(Option<String>, String)> {
    let requests = edx.requests();
    let pages = requests.iter().filter(|sent| sent.method() == "GET");
    let described = pages.map(|sent| {
        let tag = sent.header("x-tag").unwrap_or_default();
        (sent.query().map(str::to_owned), tag.to_owned())
    });
    described.collect()
}

/// Returns the scheme of the credentials of each request for a page.
fn authorizations(edx: &MockEdx) -> Vec<String> {
    let requests = edx.requests();
    let pages = requests.iter().filter(|sent| sent.method() == "GET");
    let schemes = pages.map(|sent| match sent.token() {
        Some(_) => "JWT".to_owned(),
        None => "none".to_owned(),
    });
    schemes.collect()
}

fn position(url: &str) -> Position {
    format!("edx-auth-position/1 {} {url}", url.len())
        .parse()
        .unwrap()
}
