//! Links to the next page, as Django generates them.

use edx_auth_core::{Origins, Paginator};
use form_urlencoded::Serializer;
use http::Response;
use proptest::prelude::*;
use serde_json::{Value, json};

proptest! {
    #[test]
    fn a_link_of_django_is_followed_unchanged(link in link("https")) {
        let next = next_of(&link);

        prop_assert_eq!(next, Some(link));
    }

    #[test]
    fn behind_a_proxy_a_link_is_followed_over_https(link in link("http")) {
        let next = next_of(&link);

        prop_assert_eq!(next, Some(link.replacen("http:", "https:", 1)));
    }

    #[test]
    fn a_link_resolves_as_the_reference_resolves_it(link in link("https")) {
        let next = next_of(&link).unwrap();

        let (ours, reference) = (url::Url::parse(&next), url::Url::parse(&link));
        prop_assert_eq!(ours.unwrap(), reference.unwrap());
    }
}

/// Generates a link as Django does with `build_absolute_uri` and `replace_query_param`.
fn link(scheme: &'static str) -> impl Strategy<Value = String> {
    let segment =
        prop::sample::select(&["courses", "course-v1:edX+DemoX+T", "v1", "a b", "größe"][..]);
    let path = prop::collection::vec(segment, 0..3);
    let filter = prop::collection::btree_map("[a-z_]{1,12}", any::<String>(), 0..4);
    (path, filter, 1..1000_u32).prop_map(move |(path, filter, page)| {
        let path: String = path
            .into_iter()
            .map(|segment| quoted(segment) + "/")
            .collect();
        let mut query = Serializer::new(String::new());
        query
            .extend_pairs(filter)
            .append_pair("page", &page.to_string());
        format!("{scheme}://api.edx.org/{path}?{}", query.finish())
    })
}

/// Quotes a segment like Django's `escape_uri_path`.
fn quoted(segment: &str) -> String {
    let quote = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
        byte if b"-_.!~*'():@&+$,=".contains(&byte) => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    segment.bytes().map(quote).collect()
}

/// Returns the next page of a list whose page has this link.
fn next_of(link: &str) -> Option<String> {
    let start = "https://api.edx.org/start/";
    let mut pages = Paginator::new(start, Origins::edx()).unwrap();
    let page = json!({"count": 2, "next": link, "previous": null, "results": []});
    let items: Vec<Value> = pages.on_response(&Response::new(page.to_string())).unwrap();
    assert!(items.is_empty());
    pages.url().map(ToString::to_string)
}
