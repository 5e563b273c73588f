use super::fields::Fields;
use super::request::Request;

/// One page of a list, as edx-drf-extensions' `DefaultPagination` cuts it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    number: usize,
    size: Size,
    /// How many items the whole list has.
    count: usize,
}

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// As Django REST framework does.
    Whole,
    /// As the gateway of api.edx.org leaves it: four of its fields, and empty text for `null`.
    OfGateway,
}

/// How many items a page has, and whether its neighbours' links have to say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    Usual,
    Asked(usize),
}

impl Page {
    /// The page of `count` items that a query asks for; `None` beyond the first and the last. A
    /// `page_size` that is no positive number counts as none, and one too large is cut.
    pub(crate) fn asked_by(request: &Request, count: usize) -> Option<Self> {
        let query = Fields::of_query(request);
        let size = match query.get("page_size").map(str::parse) {
            Some(Ok(size)) if size > 0 => Size::Asked(size),
            _ => Size::Usual,
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

    /// The page as JSON, with its share of all items; `url` is the list's own, without a query.
    pub(crate) fn json(&self, items: &[String], url: &str, shape: Shape) -> String {
        let count = self.count;
        let next = shape.link(self.link(url, self.number + 1));
        let previous = shape.link(self.link(url, self.number - 1));
        let results = self.cut(items).join(",");
        match shape {
            Shape::Whole => format!(
                r#"{{"next":{next},"previous":{previous},"count":{count},"num_pages":{},"current_page":{},"start":{},"results":[{results}]}}"#,
                self.size.last_page(count),
                self.number,
                self.start(),
            ),
            Shape::OfGateway => format!(
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

    /// `None` where there is no such page. The first page is linked to without its number, and of
    /// the query nothing but the size is carried on.
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

impl Shape {
    /// As JSON. The URL holds the client's `Host` header, which may hold anything.
    fn link(self, url: Option<String>) -> String {
        match (self, url) {
            (_, Some(url)) => serde_json::Value::from(url).to_string(),
            (Self::Whole, None) => "null".to_owned(),
            (Self::OfGateway, None) => r#""""#.to_owned(),
        }
    }
}

impl Size {
    fn items(self) -> usize {
        match self {
            Self::Usual => USUAL_SIZE,
            Self::Asked(size) => size.min(LARGEST_SIZE),
        }
    }

    /// A list of nothing has a page too.
    fn last_page(self, count: usize) -> usize {
        count.div_ceil(self.items()).max(1)
    }

    fn parameter(self) -> Option<String> {
        match self {
            Self::Usual => None,
            Self::Asked(size) => Some(format!("page_size={size}")),
        }
    }
}

const USUAL_SIZE: usize = 10;
const LARGEST_SIZE: usize = 100;

#[cfg(test)]
mod tests {
    #![allow(
        clippy::unwrap_used,
        clippy::indexing_slicing,
        reason = "a test may panic"
    )]

    use serde_json::Value;

    use super::{Page, Request, Shape};

    fn asked_of(count: usize, query: &str) -> Option<Page> {
        let head = format!("GET /catalogs/?{query} HTTP/1.1\r\n\r\n");
        let (request, _) = Request::parse_head(head.as_bytes()).unwrap().unwrap();
        Page::asked_by(&request, count)
    }

    fn asked(query: &str) -> Option<Page> {
        asked_of(25, query)
    }

    fn json(page: &Page) -> Value {
        let items: Vec<_> = (1..=25).map(|id: usize| id.to_string()).collect();
        serde_json::from_str(&page.json(&items, "u", Shape::Whole)).unwrap()
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
            let page = json(&asked(query).unwrap());

            assert_eq!(page["next"].as_str(), next, "{query}");
            assert_eq!(page["previous"].as_str(), previous, "{query}");
        }
    }

    #[test]
    fn every_item_is_on_one_page() {
        let ids: Vec<_> = (1..=4)
            .map(|number| json(&asked(&format!("page_size=7&page={number}")).unwrap()))
            .flat_map(|page| page["results"].as_array().unwrap().clone())
            .map(|id| id.as_u64().unwrap())
            .collect();

        assert_eq!(ids, (1..=25).collect::<Vec<_>>());
    }

    #[test]
    fn a_list_of_nothing_has_one_page() {
        let page = asked_of(0, "").unwrap().json(&[], "u", Shape::Whole);

        assert_eq!(
            page,
            r#"{"next":null,"previous":null,"count":0,"num_pages":1,"current_page":1,"start":0,"results":[]}"#
        );
        assert_eq!(asked_of(0, "page=2"), None);
    }

    #[test]
    fn the_gateway_keeps_four_fields_and_no_null() {
        let items = ["1".to_owned(), "2".to_owned()];
        let page = asked_of(2, "").unwrap();

        assert_eq!(
            page.json(&items, "u", Shape::OfGateway),
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
            assert_eq!(asked(query), None, "{query}");
        }
    }
}
