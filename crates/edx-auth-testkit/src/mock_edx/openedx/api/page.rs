use crate::mock_edx::http::form::FormFields;
use crate::mock_edx::http::request::Request;

/// One page of a list, as edx-drf-extensions' `DefaultPagination` splits it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    number: usize,
    size: Size,
    /// The number of items in the whole list.
    count: usize,
}

/// The JSON format of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PageFormat {
    /// All fields of Django REST framework.
    Full,
    /// The format of the gateway of api.edx.org: four fields, and empty text instead of `null`.
    Gateway,
}

/// The number of items of a page. Links to other pages repeat it if the client requested it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    Default,
    Requested(usize),
}

impl Page {
    /// Returns the page of a list of `count` items that the query requests, or `None` if there is
    /// no such page. A `page_size` that is not a positive number is ignored, and one too large is
    /// reduced to the maximum.
    pub(crate) fn requested_by(request: &Request, count: usize) -> Option<Self> {
        let query = FormFields::of_query(request);
        let size = match query.get("page_size").map(str::parse) {
            Some(Ok(size)) if size > 0 => Size::Requested(size),
            _ => Size::Default,
        };
        let last = size.last_page(count);
        let number = match query.get("page").unwrap_or_default() {
            "" => 1,
            "last" => last,
            number => number.parse().ok()?,
        };
        let page = Self {
            number,
            size,
            count,
        };
        (1..=last).contains(&number).then_some(page)
    }

    /// Returns the page as JSON. `items` are those of the whole list, `url` is the URL of the list
    /// without a query.
    pub(crate) fn json(&self, items: &[String], url: &str, format: PageFormat) -> String {
        let count = self.count;
        let next = format.link(self.link(url, self.number + 1));
        let previous = format.link(self.link(url, self.number - 1));
        let results = self.cut(items).join(",");
        match format {
            PageFormat::Full => format!(
                r#"{{"next":{next},"previous":{previous},"count":{count},"num_pages":{},"current_page":{},"start":{},"results":[{results}]}}"#,
                self.size.last_page(count),
                self.number,
                self.start(),
            ),
            PageFormat::Gateway => format!(
                r#"{{"count":{count},"next":{next},"previous":{previous},"results":[{results}]}}"#
            ),
        }
    }

    fn cut<'a>(&self, items: &'a [String]) -> &'a [String] {
        let end = items.len().min(self.start() + self.size.items());
        items.get(self.start()..end).unwrap_or_default()
    }

    fn start(&self) -> usize {
        (self.number - 1) * self.size.items()
    }

    /// Returns the link to a page, or `None` if there is no such page. The link to the first page
    /// has no number. Of the query, only the page size is repeated.
    fn link(&self, url: &str, number: usize) -> Option<String> {
        if number == 0 || number > self.size.last_page(self.count) {
            return None;
        }
        let page = (number > 1).then(|| format!("page={number}"));
        let parameters: Vec<_> = page.into_iter().chain(self.size.parameter()).collect();
        Some(match parameters.as_slice() {
            [] => url.to_owned(),
            parameters => format!("{url}?{}", parameters.join("&")),
        })
    }
}

impl PageFormat {
    /// Returns the link as JSON. The URL contains the client's `Host` header, which is any text.
    fn link(self, url: Option<String>) -> String {
        match (self, url) {
            (_, Some(url)) => serde_json::Value::from(url).to_string(),
            (Self::Full, None) => "null".to_owned(),
            (Self::Gateway, None) => r#""""#.to_owned(),
        }
    }
}

impl Size {
    fn items(self) -> usize {
        match self {
            Self::Default => DEFAULT_SIZE,
            Self::Requested(size) => size.min(MAX_SIZE),
        }
    }

    /// Returns the number of the last page. An empty list has one page.
    fn last_page(self, count: usize) -> usize {
        count.div_ceil(self.items()).max(1)
    }

    fn parameter(self) -> Option<String> {
        match self {
            Self::Default => None,
            Self::Requested(size) => Some(format!("page_size={size}")),
        }
    }
}

const DEFAULT_SIZE: usize = 10;
const MAX_SIZE: usize = 100;

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test may panic"
    )]

    use serde_json::Value;

    use super::{Page, PageFormat, Request};

    fn requested_of(count: usize, query: &str) -> Option<Page> {
        let head = format!("GET /catalogs/?{query} HTTP/1.1\r\n\r\n");
        let (request, _) = Request::parse_head(head.as_bytes()).unwrap().unwrap();
        Page::requested_by(&request, count)
    }

    fn requested(query: &str) -> Option<Page> {
        requested_of(25, query)
    }

    fn json(page: &Page) -> Value {
        let items: Vec<_> = (1..=25).map(|id: usize| id.to_string()).collect();
        serde_json::from_str(&page.json(&items, "u", PageFormat::Full)).unwrap()
    }

    #[test]
    fn pages_link_to_their_neighbours() {
        for (query, next, previous) in [
            ("", Some("u?page=2"), None),
            ("page=2", Some("u?page=3"), Some("u")),
            ("page=3", None, Some("u?page=2")),
            ("page=last", None, Some("u?page=2")),
            (
                "page=2&page_size=2",
                Some("u?page=3&page_size=2"),
                Some("u?page_size=2"),
            ),
            ("page_size=25", None, None),
            ("page_size=1000", None, None),
            ("page_size=-1", Some("u?page=2"), None),
        ] {
            let page = json(&requested(query).unwrap());

            assert_eq!(page["next"].as_str(), next, "{query}");
            assert_eq!(page["previous"].as_str(), previous, "{query}");
        }
    }

    #[test]
    fn every_item_is_on_one_page() {
        let ids: Vec<_> = (1..=4)
            .map(|number| json(&requested(&format!("page_size=7&page={number}")).unwrap()))
            .flat_map(|page| page["results"].as_array().unwrap().clone())
            .map(|id| id.as_u64().unwrap())
            .collect();

        assert_eq!(ids, (1..=25).collect::<Vec<_>>());
    }

    #[test]
    fn an_empty_list_has_one_page() {
        let page = requested_of(0, "")
            .unwrap()
            .json(&[], "u", PageFormat::Full);

        assert_eq!(
            page,
            r#"{"next":null,"previous":null,"count":0,"num_pages":1,"current_page":1,"start":0,"results":[]}"#
        );
        assert_eq!(requested_of(0, "page=2"), None);
    }

    #[test]
    fn the_gateway_keeps_four_fields_and_no_null() {
        let items = ["1".to_owned(), "2".to_owned()];
        let page = requested_of(2, "").unwrap();

        assert_eq!(
            page.json(&items, "u", PageFormat::Gateway),
            r#"{"count":2,"next":"","previous":"","results":[1,2]}"#
        );
    }

    #[test]
    fn there_is_no_page_outside_of_the_list() {
        for query in [
            "page=0",
            "page=4",
            "page=x",
            "page=-1",
            "page_size=2&page=14",
        ] {
            assert_eq!(requested(query), None, "{query}");
        }
    }
}
