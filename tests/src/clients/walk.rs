//! A walk over the pages of a list, and how far it got.

use serde::Deserialize;

use super::Failure;

/// An item of a list, as far as a test looks.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
pub struct Item {
    /// What tells it from the others.
    pub id: u64,
}

/// The items that a walk gave, and why it gave no more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Walked {
    /// The ids of the items, in order.
    pub ids: Vec<u64>,
    /// The error that it ended with, if it did.
    pub broken: Option<Broken>,
}

/// Where a walk ended before its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The page to go on from, where the walk ever was at one.
    pub page: Option<String>,
    /// Why, in the words of its cause.
    pub failure: Failure,
}

impl Walked {
    /// How far a walk gets whose items are these, with something done after each.
    pub(super) fn through(
        items: impl Iterator<Item = Result<Item, Broken>>,
        after_each: &mut dyn FnMut(Item),
    ) -> Self {
        let mut walked = Self {
            ids: Vec::new(),
            broken: None,
        };
        for item in items {
            // Behind an error nothing comes, and this would show it.
            assert_eq!(walked.broken, None, "it goes on after an error: {item:?}");
            match item {
                Ok(item) => {
                    walked.ids.push(item.id);
                    after_each(item);
                }
                Err(broken) => walked.broken = Some(broken),
            }
        }
        walked
    }
}
