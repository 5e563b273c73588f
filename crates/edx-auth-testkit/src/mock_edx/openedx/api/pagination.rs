//! How a list is split: which part of it a query asks for, and the links to the other parts.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use form_urlencoded::Serializer;

use super::error::ApiError;
use crate::mock_edx::http::form::FormFields;
use crate::mock_edx::http::request::Request;

/// How a list is split.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pagination {
    /// By `page` and `page_size`, as edx-drf-extensions' `DefaultPagination`.
    Numbers,
    /// The same with another body, as `NamespacedPageNumberPagination`.
    Namespaced,
    /// By `limit` and `offset`, as Django REST framework's `LimitOffsetPagination`.
    Offset,
    /// By `cursor` and `page_size`, as Django REST framework's `CursorPagination`.
    Cursor,
}

/// A part of a list: one page.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) pagination: Pagination,
    /// How many items come before it.
    pub(crate) start: usize,
    size: Size,
    /// The number of items in the whole list.
    of: usize,
}

/// The number of items of a page. Links to other pages repeat it if the client requested it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Size {
    Default,
    Requested(usize),
}

impl Part {
    /// Returns the part of a list of `count` items that the query requests. A size that is not a positive
    /// number is ignored, and one too large is reduced to the maximum.
    pub(crate) fn requested_by(
        request: &Request,
        pagination: Pagination,
        count: usize,
    ) -> Result<Self, ApiError> {
        let query = FormFields::of_query(request);
        let size = Size::of(query.get(pagination.size_parameter()));
        let start = match pagination {
            Pagination::Numbers | Pagination::Namespaced => {
                numbered(query.get("page"), size, count).ok_or(ApiError::InvalidPage)?
            }
            Pagination::Offset => offset(query.get("offset")),
            Pagination::Cursor => at_cursor(query.get("cursor")).ok_or(ApiError::InvalidCursor)?,
        };
        Ok(Self {
            pagination,
            start,
            size,
            of: count,
        })
    }

    /// Returns the number of this page, counted from 1.
    pub(crate) fn number(&self) -> usize {
        self.start / self.size.items() + 1
    }

    /// Returns the number of pages of a list of `count` items.
    pub(crate) fn pages(&self, count: usize) -> usize {
        self.size.last_page(count)
    }

    pub(crate) fn cut<'a>(&self, items: &'a [String]) -> &'a [String] {
        let (start, end) = (self.start, self.start.saturating_add(self.size.items()));
        items.get(start..end.min(items.len())).unwrap_or_default()
    }

    /// Returns the link to the next part, below the URL of the list without a query.
    pub(crate) fn next(&self, url: &str) -> Option<String> {
        let next = self.start.saturating_add(self.size.items());
        (next < self.of).then(|| self.link(url, next))
    }

    /// Returns the link to the previous part.
    pub(crate) fn previous(&self, url: &str) -> Option<String> {
        let previous = self.start.saturating_sub(self.size.items());
        (self.start > 0).then(|| self.link(url, previous))
    }

    /// Returns the link to the part from this item on. The link to the first part has no position. Of
    /// the query, only the size is repeated.
    fn link(&self, url: &str, start: usize) -> String {
        let mut query = Serializer::new(String::new());
        if self.pagination == Pagination::Offset {
            query.append_pair("limit", &self.size.items().to_string());
        }
        if start > 0 {
            let position = match self.pagination {
                Pagination::Numbers | Pagination::Namespaced => {
                    (start / self.size.items() + 1).to_string()
                }
                Pagination::Offset => start.to_string(),
                Pagination::Cursor => STANDARD.encode(format!("p={start}")),
            };
            query.append_pair(self.pagination.position_parameter(), &position);
        }
        if let (Size::Requested(size), true) = (self.size, self.pagination != Pagination::Offset) {
            query.append_pair("page_size", &size.to_string());
        }
        match query.finish() {
            query if query.is_empty() => url.to_owned(),
            query => format!("{url}?{query}"),
        }
    }
}

impl Pagination {
    fn size_parameter(self) -> &'static str {
        match self {
            Self::Numbers | Self::Namespaced | Self::Cursor => "page_size",
            Self::Offset => "limit",
        }
    }

    fn position_parameter(self) -> &'static str {
        match self {
            Self::Numbers | Self::Namespaced => "page",
            Self::Offset => "offset",
            Self::Cursor => "cursor",
        }
    }
}

impl Size {
    fn of(requested: Option<&str>) -> Self {
        match requested.map(str::parse) {
            Some(Ok(size)) if size > 0 => Self::Requested(size),
            _ => Self::Default,
        }
    }

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
}

/// Returns where the page of this number begins, or `None` if there is no such page.
fn numbered(page: Option<&str>, size: Size, count: usize) -> Option<usize> {
    let last = size.last_page(count);
    let number = match page.unwrap_or_default() {
        "" => 1,
        "last" => last,
        number => number.parse().ok()?,
    };
    (1..=last)
        .contains(&number)
        .then(|| (number - 1) * size.items())
}

/// An offset that is not a number is ignored.
fn offset(offset: Option<&str>) -> usize {
    offset
        .and_then(|offset| offset.parse().ok())
        .unwrap_or_default()
}

/// Returns where the part of this cursor begins, or `None` if no link has this cursor.
fn at_cursor(cursor: Option<&str>) -> Option<usize> {
    let Some(cursor) = cursor else {
        return Some(0);
    };
    let position = String::from_utf8(STANDARD.decode(cursor).ok()?).ok()?;
    position.strip_prefix("p=")?.parse().ok()
}

const DEFAULT_SIZE: usize = 10;
const MAX_SIZE: usize = 100;

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use super::{ApiError, Pagination, Part, Request};

    fn requested_of(count: usize, query: &str, pagination: Pagination) -> Result<Part, ApiError> {
        let head = format!("GET /catalogs/?{query} HTTP/1.1\r\n\r\n");
        let (request, _) = Request::parse_head(head.as_bytes()).unwrap().unwrap();
        Part::requested_by(&request, pagination, count)
    }

    fn requested(query: &str) -> Result<Part, ApiError> {
        requested_of(25, query, Pagination::Numbers)
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
            let part = requested(query).unwrap();

            assert_eq!(part.next("u").as_deref(), next, "{query}");
            assert_eq!(part.previous("u").as_deref(), previous, "{query}");
        }
    }

    #[test]
    fn every_item_is_on_one_page_of_every_kind() {
        let items: Vec<_> = (1..=25).map(|id: usize| id.to_string()).collect();
        for pagination in [
            Pagination::Numbers,
            Pagination::Namespaced,
            Pagination::Offset,
            Pagination::Cursor,
        ] {
            let (mut query, mut seen) = (Some("page_size=7&limit=7".to_owned()), Vec::new());
            while let Some(of_page) = query {
                let part = requested_of(25, &of_page, pagination).unwrap();
                seen.extend_from_slice(part.cut(&items));
                query = part.next("").map(|link| link.replacen('?', "", 1));
            }

            assert_eq!(seen, items, "{pagination:?}");
        }
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
            assert_eq!(requested(query), Err(ApiError::InvalidPage), "{query}");
        }
        let empty = requested_of(0, "page=2", Pagination::Numbers);
        assert_eq!(empty, Err(ApiError::InvalidPage));
    }

    #[test]
    fn an_offset_beyond_the_list_is_an_empty_page_and_an_unknown_cursor_an_error() {
        let beyond = requested_of(25, "offset=30", Pagination::Offset).unwrap();
        let cursor = requested_of(25, "cursor=2", Pagination::Cursor);

        assert_eq!(beyond.next("u"), None);
        assert_eq!(
            beyond.previous("u").as_deref(),
            Some("u?limit=10&offset=20")
        );
        assert_eq!(cursor, Err(ApiError::InvalidCursor));
    }
}
