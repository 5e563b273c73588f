//! One page of a list, as JSON.

use serde_json::Value;

use super::pagination::{Pagination, Part};

/// One page of a list.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) part: Part,
    /// The URL of the list without a query.
    pub(crate) url: String,
    /// How many items the page says that the list has.
    pub(crate) count: usize,
}

/// The JSON format of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageFormat {
    /// All fields of Django REST framework.
    Full,
    /// The format of the gateway of api.edx.org: four fields, and empty text instead of `null`.
    Gateway,
}

impl Page {
    /// Returns the page as JSON, with its part of the list's items at this path. What it says about the
    /// list stands next to `results`, or else next to the first name of the path.
    pub(crate) fn json(&self, items: &[String], items_at: &str, format: PageFormat) -> String {
        let names: Vec<_> = items_at.split('.').collect();
        let beside = names.iter().position(|name| *name == "results");
        let (around, path) = names.split_at(beside.unwrap_or_default());
        let (name, inside) = path.split_first().unwrap_or((&"results", &[]));
        let items = format!("[{}]", self.part.cut(items).join(","));
        let results = format!("{}:{}", quoted(name), nested(inside, items));
        nested(around, self.object(&results, format))
    }

    fn object(&self, results: &str, format: PageFormat) -> String {
        let next = format.link(self.part.next(&self.url));
        let previous = format.link(self.part.previous(&self.url));
        let (count, pages) = (self.count, self.part.pages(self.count));
        match (format, self.part.pagination) {
            (PageFormat::Gateway, _) | (_, Pagination::Offset) => {
                format!(r#"{{"count":{count},"next":{next},"previous":{previous},{results}}}"#)
            }
            (_, Pagination::Numbers) => format!(
                r#"{{"next":{next},"previous":{previous},"count":{count},"num_pages":{pages},"current_page":{},"start":{},{results}}}"#,
                self.part.number(),
                self.part.start,
            ),
            (_, Pagination::Namespaced) => format!(
                r#"{{{results},"pagination":{{"next":{next},"previous":{previous},"count":{count},"num_pages":{pages}}}}}"#
            ),
            (_, Pagination::Cursor) => {
                format!(r#"{{"next":{next},"previous":{previous},{results}}}"#)
            }
        }
    }
}

impl PageFormat {
    /// Returns the link as JSON. The URL contains the client's `Host` header, which is any text.
    fn link(self, url: Option<String>) -> String {
        match (self, url) {
            (_, Some(url)) => quoted(&url),
            (Self::Full, None) => "null".to_owned(),
            (Self::Gateway, None) => r#""""#.to_owned(),
        }
    }
}

/// Returns the value inside of an object for each name.
fn nested(names: &[&str], value: String) -> String {
    let into_object = |value, name: &&str| format!("{{{}:{value}}}", quoted(name));
    names.iter().rev().fold(value, into_object)
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::super::pagination::{Pagination, Part};
    use super::{Page, PageFormat};
    use crate::mock_edx::http::request::Request;

    fn json_of(count: usize, pagination: Pagination, items_at: &str, format: PageFormat) -> String {
        let head = b"GET /list/?page_size=2&limit=2 HTTP/1.1\r\n\r\n";
        let (request, _) = Request::parse_head(head).unwrap().unwrap();
        let page = Page {
            part: Part::requested_by(&request, pagination, count).unwrap(),
            url: "u".to_owned(),
            count,
        };
        let items: Vec<_> = (1..=count).map(|id| id.to_string()).collect();
        page.json(&items, items_at, format)
    }

    fn full(count: usize, pagination: Pagination) -> String {
        json_of(count, pagination, "results", PageFormat::Full)
    }

    #[test]
    fn each_kind_of_list_has_its_fields() {
        for (pagination, json) in [
            (
                Pagination::Numbers,
                r#"{"next":"u?page=2&page_size=2","previous":null,"count":3,"num_pages":2,"current_page":1,"start":0,"results":[1,2]}"#,
            ),
            (
                Pagination::Namespaced,
                r#"{"results":[1,2],"pagination":{"next":"u?page=2&page_size=2","previous":null,"count":3,"num_pages":2}}"#,
            ),
            (
                Pagination::Offset,
                r#"{"count":3,"next":"u?limit=2&offset=2","previous":null,"results":[1,2]}"#,
            ),
            (
                Pagination::Cursor,
                r#"{"next":"u?cursor=cD0y&page_size=2","previous":null,"results":[1,2]}"#,
            ),
        ] {
            assert_eq!(full(3, pagination), json);
        }
    }

    #[test]
    fn an_empty_list_has_one_page() {
        assert_eq!(
            full(0, Pagination::Numbers),
            r#"{"next":null,"previous":null,"count":0,"num_pages":1,"current_page":1,"start":0,"results":[]}"#
        );
    }

    #[test]
    fn the_gateway_keeps_four_fields_and_no_null() {
        assert_eq!(
            json_of(2, Pagination::Numbers, "results", PageFormat::Gateway),
            r#"{"count":2,"next":"","previous":"","results":[1,2]}"#
        );
    }

    #[test]
    fn items_are_at_their_path_and_the_fields_beside_results() {
        for (path, json) in [
            (
                "results.courses",
                r#"{"next":null,"previous":null,"results":{"courses":[1]}}"#,
            ),
            (
                "objects.results",
                r#"{"objects":{"next":null,"previous":null,"results":[1]}}"#,
            ),
            (
                "courses.open",
                r#"{"next":null,"previous":null,"courses":{"open":[1]}}"#,
            ),
        ] {
            assert_eq!(json_of(1, Pagination::Cursor, path, PageFormat::Full), json);
        }
    }
}
