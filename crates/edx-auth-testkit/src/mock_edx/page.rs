use super::fields::Fields;
use super::request::Request;

/// One page of the list of catalogs, as edx-drf-extensions' `DefaultPagination` cuts it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Page {
    number: usize,
    size: Size,
}

/// How many catalogs a page has, and whether its neighbours' links have to say so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    Usual,
    Asked(usize),
}

impl Page {
    /// The page that a query asks for; `None` beyond the first and the last. A `page_size` that is
    /// no positive number counts as none, and one too large is cut.
    pub(crate) fn asked_by(request: &Request) -> Option<Self> {
        let query = Fields::of_query(request);
        let size = match query.get("page_size").map(str::parse) {
            Some(Ok(size)) if size > 0 => Size::Asked(size),
            _ => Size::Usual,
        };
        let last = size.last_page();
        let number = match query.get("page").unwrap_or_default() {
            "" => 1,
            "last" => last,
            number => number.parse().ok()?,
        };
        (1..=last)
            .contains(&number)
            .then_some(Self { number, size })
    }

    /// The page as JSON; `url` is the list's own, without a query.
    pub(crate) fn json(&self, url: &str) -> String {
        let pages = self.size.last_page();
        let start = (self.number - 1) * self.size.catalogs();
        let end = CATALOGS.min(start + self.size.catalogs());
        let catalogs: Vec<_> = (start + 1..=end).map(catalog).collect();
        format!(
            r#"{{"next":{},"previous":{},"count":{CATALOGS},"num_pages":{pages},"current_page":{},"start":{start},"results":[{}]}}"#,
            self.link(url, self.number + 1),
            self.link(url, self.number - 1),
            self.number,
            catalogs.join(","),
        )
    }

    /// A JSON string, or `null` where there is no such page. The first page is linked to without
    /// its number, and of the query nothing but the size is carried on.
    fn link(&self, url: &str, number: usize) -> String {
        if number == 0 || number > self.size.last_page() {
            return "null".to_owned();
        }
        let page = (number > 1).then(|| format!("page={number}"));
        let parameters: Vec<_> = page.into_iter().chain(self.size.parameter()).collect();
        if parameters.is_empty() {
            json_string(url)
        } else {
            json_string(&format!("{url}?{}", parameters.join("&")))
        }
    }
}

impl Size {
    fn catalogs(self) -> usize {
        match self {
            Self::Usual => USUAL_SIZE,
            Self::Asked(size) => size.min(LARGEST_SIZE),
        }
    }

    fn last_page(self) -> usize {
        CATALOGS.div_ceil(self.catalogs())
    }

    fn parameter(self) -> Option<String> {
        match self {
            Self::Usual => None,
            Self::Asked(size) => Some(format!("page_size={size}")),
        }
    }
}

fn catalog(id: usize) -> String {
    format!(r#"{{"id":{id},"name":"Catalog {id}"}}"#)
}

/// The URL holds the client's `Host` header, which may hold anything.
fn json_string(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

const CATALOGS: usize = 25;
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

    use super::{Page, Request};

    fn asked(query: &str) -> Option<Page> {
        let head = format!("GET /catalogs/?{query} HTTP/1.1\r\n\r\n");
        let (request, _) = Request::parse_head(head.as_bytes()).unwrap().unwrap();
        Page::asked_by(&request)
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
            let page: Value = serde_json::from_str(&asked(query).unwrap().json("u")).unwrap();

            assert_eq!(page["next"].as_str(), next, "{query}");
            assert_eq!(page["previous"].as_str(), previous, "{query}");
        }
    }

    #[test]
    fn every_catalog_is_on_one_page() {
        let ids: Vec<_> = (1..=4)
            .map(|number| {
                asked(&format!("page_size=7&page={number}"))
                    .unwrap()
                    .json("u")
            })
            .flat_map(|page| {
                let page: Value = serde_json::from_str(&page).unwrap();
                page["results"].as_array().unwrap().clone()
            })
            .map(|catalog| catalog["id"].as_u64().unwrap())
            .collect();

        assert_eq!(ids, (1..=25).collect::<Vec<_>>());
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
