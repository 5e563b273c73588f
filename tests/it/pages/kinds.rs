//! The kinds of lists that Open edX serves, each read to its end.

use edx_auth_testkit::MockList;
use edx_auth_tests::clients::List;

use super::over_both;

#[test]
fn a_list_with_numbered_pages_is_read_to_its_end() {
    read_whole("results", |list| list);
}

#[test]
fn a_namespaced_list_is_read_to_its_end() {
    read_whole("results", MockList::namespaced);
}

#[test]
fn a_list_by_offset_is_read_to_its_end() {
    read_whole("results", MockList::by_offset);
}

#[test]
fn a_list_by_cursor_is_read_to_its_end() {
    read_whole("results", MockList::by_cursor);
}

#[test]
fn a_list_inside_of_results_is_read_to_its_end() {
    read_whole("results.courses", |list| list.items_at("results.courses"));
}

#[test]
fn a_list_inside_of_another_object_is_read_to_its_end() {
    read_whole("enrollments.results", |list| {
        list.by_cursor().items_at("enrollments.results")
    });
}

#[test]
fn a_list_that_grows_while_it_is_read_ends_with_its_last_page() {
    read_whole("results", MockList::growing);
}

#[test]
fn a_list_that_is_deprecated_is_read_to_its_end() {
    read_whole("results", |list| {
        list.header("Deprecation", "@1767225600")
            .header("Sunset", "Fri, 01 Jan 2027 00:00:00 GMT")
    });
}

#[test]
fn a_page_that_links_to_another_host_is_an_error() {
    over_both(|edx, client| {
        let list = MockList::new(items()).links_below("http://lms.internal:8000");
        edx.list(PATH, list);

        let listing = client.pages(&(edx.url().to_owned() + PATH));

        assert!(listing.broken.is_some(), "{listing:?}");
        assert_eq!(edx.requests().len(), 2);
    });
}

/// Reads a list of 25 items over both clients. It takes three requests and one token.
fn read_whole(items_at: &'static str, change: fn(MockList) -> MockList) {
    over_both(move |edx, client| {
        edx.list(PATH, change(MockList::new(items())));

        let list = List::at(edx.url().to_owned() + PATH).items_at(items_at);
        let listing = client.read(&list, &mut |_item| {});

        assert_eq!(listing.broken, None);
        assert_eq!(listing.ids, (1..=25).collect::<Vec<_>>());
        assert_eq!((edx.requests().len(), edx.token_requests()), (4, 1));
    });
}

fn items() -> impl Iterator<Item = String> {
    (1..=25).map(|id| format!(r#"{{"id": {id}}}"#))
}

const PATH: &str = "/api/v1/courses/";
