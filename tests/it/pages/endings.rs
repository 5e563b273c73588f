//! The end of a list, and what only looks like it.

use edx_auth_testkit::MockResponse;
use serde_json::json;

use super::list::{ids, inner_page, items, page, path, requests, serve, url};
use super::over_both;

#[test]
fn every_catalog_of_three_pages_is_returned_once() {
    over_both(|edx, client| {
        let listing = client.pages(&edx.catalogs_url());

        assert_eq!(listing.ids, (1..=25).collect::<Vec<_>>());
        assert_eq!(listing.broken, None);
        assert_eq!((edx.token_requests(), requests(edx)), (1, 3));
    });
}

#[test]
fn a_requested_page_size_is_kept() {
    over_both(|edx, client| {
        let listing = client.pages(&(edx.catalogs_url() + "?page_size=2"));

        assert_eq!(listing.ids, (1..=25).collect::<Vec<_>>());
        assert_eq!(requests(edx), 13);
    });
}

#[test]
fn an_empty_next_link_is_the_end() {
    for end in [
        json!(null),
        json!(""),
        json!("null"),
        json!("None"),
        json!(" "),
    ] {
        over_both_with(end, |edx, client, end| {
            edx.on("GET", path(1), inner_page(1));
            edx.on("GET", path(2), page(2, end));

            let listing = client.pages(&url(edx, 1));

            assert_eq!(listing.ids, ids(1..=2), "{end}");
            assert_eq!(listing.broken, None, "{end}");
        });
    }
}

#[test]
fn an_unreadable_next_link_is_an_error_and_not_an_end() {
    let unreadable = "the response is not a paginated list";
    let no_link = "the next page cannot be fetched: the URL is malformed";
    for (next, words) in [
        (json!("2"), no_link),
        (json!("page 2"), no_link),
        (json!("http://[::1/"), no_link),
        (json!(2), unreadable),
        (json!(false), unreadable),
        (json!({}), unreadable),
    ] {
        over_both_with((next, words), |edx, client, (next, words)| {
            edx.on("GET", path(1), inner_page(1));
            edx.on("GET", path(2), page(2, next));

            let listing = client.pages(&url(edx, 1));

            assert_eq!(listing.ids, ids([1]), "{next}");
            let broken = listing.broken.unwrap();
            assert_eq!(broken.page, Some(url(edx, 2)), "{next}");
            assert_eq!(broken.failure.words, *words, "{next}");
        });
    }
}

#[test]
fn links_are_followed_in_every_notation() {
    for (next, query) in [
        ("?page=2", "page=2"),
        ("/list/1/?page=2", "page=2"),
        ("../1/?cursor=cD0y#top", "cursor=cD0y"),
        ("./?q=größe&page=2", "q=gr%C3%B6%C3%9Fe&page=2"),
        (
            "{site}/list/1/?page=2&key=course-v1%3AX%2BY",
            "page=2&key=course-v1%3AX%2BY",
        ),
    ] {
        over_both_with((next, query), |edx, client, (next, query)| {
            let next = next.replace("{site}", edx.url());
            edx.next_request(path(1), page(1, &json!(next)));
            edx.next_request(path(1), page(2, &json!(null)));

            let listing = client.pages(&url(edx, 1));

            assert_eq!(listing.ids, ids(1..=2), "{next}");
            assert_eq!(
                edx.requests().last().unwrap().query(),
                Some(*query),
                "{next}"
            );
        });
    }
}

#[test]
fn a_link_is_resolved_against_the_url_of_its_page() {
    over_both(|edx, client| {
        edx.on("GET", "/old/", MockResponse::redirect(301, "/new/1/"));
        edx.on("GET", "/new/1/", page(1, &json!("../2/")));
        edx.on("GET", "/new/2/", page(2, &json!(null)));

        let listing = client.pages(&(edx.url().to_owned() + "/old/"));

        assert_eq!((listing.ids, listing.broken), (ids(1..=2), None));
    });
}

#[test]
fn links_can_be_under_pagination() {
    over_both(|edx, client| {
        let namespaced = |number, next| {
            let links = json!({"next": next, "previous": null, "count": 6, "num_pages": 2});
            let page = json!({"pagination": links, "results": items(number)});
            MockResponse::json(200, page.to_string())
        };
        edx.on("GET", path(1), namespaced(1, json!(path(2))));
        edx.on("GET", path(2), namespaced(2, json!(null)));

        let listing = client.pages(&url(edx, 1));

        assert_eq!((listing.ids, listing.broken), (ids(1..=2), None));
    });
}

#[test]
fn a_bare_list_and_an_empty_one_are_lists() {
    over_both(|edx, client| {
        edx.on(
            "GET",
            path(1),
            MockResponse::json(200, items(1).to_string()),
        );
        edx.on("GET", path(2), MockResponse::json(200, "[]"));
        edx.on(
            "GET",
            path(3),
            MockResponse::json(200, r#"{"next":null,"results":[]}"#),
        );

        let listings = [1, 2, 3].map(|number| client.pages(&url(edx, number)));

        assert!(listings.iter().all(|listing| listing.broken.is_none()));
        assert_eq!(
            listings.map(|listing| listing.ids),
            [ids([1]), vec![], vec![]]
        );
    });
}

#[test]
fn a_link_header_continues_a_bare_list() {
    over_both(|edx, client| {
        let link = "</list/1/>; rel=first, </list/2/>; REL = \"last next\"";
        let first = MockResponse::json(200, items(1).to_string()).header("Link", link);
        edx.on("GET", path(1), first);
        edx.on(
            "GET",
            path(2),
            MockResponse::json(200, items(2).to_string()),
        );

        let listing = client.pages(&url(edx, 1));

        assert_eq!((listing.ids, listing.broken), (ids(1..=2), None));
    });
}

#[test]
fn an_empty_page_in_the_middle_is_not_the_end() {
    over_both(|edx, client| {
        serve(edx, 3);
        let empty = json!({"next": path(3), "results": []});
        edx.on("GET", path(2), MockResponse::json(200, empty.to_string()));

        let listing = client.pages(&url(edx, 1));

        assert_eq!((listing.ids, listing.broken), (ids([1, 3]), None));
    });
}

/// Like [`over_both`](super::over_both), for one of several cases.
fn over_both_with<T: Send + Sync + 'static>(
    case: T,
    test: fn(&edx_auth_testkit::MockEdx, &dyn edx_auth_tests::clients::Client, &T),
) {
    let case: &'static T = Box::leak(Box::new(case));
    over_both(move |edx, client| test(edx, &*client, case));
}
