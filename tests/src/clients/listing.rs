//! The items read from a paginated list.

use std::time::Duration;

use edx_auth_core::Position;
use serde::Deserialize;

use super::Failure;

/// A list, as a program describes it.
#[derive(Clone, Debug)]
pub struct List {
    /// Where it starts.
    pub start: Start,
    /// Query parameters, in addition to those in the URL.
    pub query: Vec<(String, String)>,
    /// Headers, in addition to the client's own.
    pub headers: Vec<(String, String)>,
    /// The place of the items, if it is not `results`.
    pub items_at: Option<String>,
    /// For how long a page is retried, if not as long as by default.
    pub retry_timeout: Option<Duration>,
    /// How many items are read at most.
    pub most_items: usize,
}

/// Where a list starts.
#[derive(Clone, Debug)]
pub enum Start {
    /// At this URL.
    Url(String),
    /// At this position.
    Position(Position),
}

/// An item of a list. Tests use its ID alone.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub struct Item {
    /// Identifies the item.
    pub id: u64,
}

/// The items that a client read from a list, and the error that ended the reading, if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The IDs of the items, in order.
    pub ids: Vec<u64>,
    /// The error, if the list did not end normally.
    pub broken: Option<Broken>,
}

/// An error in the middle of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The page to resume from, if a page was requested.
    pub page: Option<String>,
    /// The underlying failure.
    pub failure: Failure,
}

impl List {
    /// Creates the list at this URL, with default settings.
    pub fn at(url: impl Into<String>) -> Self {
        Self::of(Start::Url(url.into()))
    }

    /// Creates the rest of a list from this position on.
    #[must_use]
    pub fn from_position(position: Position) -> Self {
        Self::of(Start::Position(position))
    }

    fn of(start: Start) -> Self {
        Self {
            start,
            query: Vec::new(),
            headers: Vec::new(),
            items_at: None,
            retry_timeout: None,
            most_items: usize::MAX,
        }
    }

    /// Adds a query parameter.
    #[must_use]
    pub fn query(mut self, name: &str, value: &str) -> Self {
        self.query.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sets the place of the items.
    #[must_use]
    pub fn items_at(self, path: &str) -> Self {
        let items_at = Some(path.to_owned());
        Self { items_at, ..self }
    }
}

impl Listing {
    /// Collects the items and calls `after_each` with every item.
    pub(super) fn through(
        items: impl Iterator<Item = Result<Item, Broken>>,
        after_each: &mut dyn FnMut(Item),
    ) -> Self {
        let mut listing = Self {
            ids: Vec::new(),
            broken: None,
        };
        for item in items {
            // A paginator must return nothing after an error.
            assert_eq!(listing.broken, None, "it goes on after an error: {item:?}");
            match item {
                Ok(item) => {
                    listing.ids.push(item.id);
                    after_each(item);
                }
                Err(broken) => listing.broken = Some(broken),
            }
        }
        listing
    }
}
