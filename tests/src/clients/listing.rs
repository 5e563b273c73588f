//! The items read from a paginated list.

use serde::Deserialize;

use super::Failure;

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
