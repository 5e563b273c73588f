//! Where the items are in a page.

use alloc::borrow::Cow;
use alloc::borrow::ToOwned;

use core::fmt;

use thiserror::Error;

/// The names of the members that lead to the items, from the outside in, with dots between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ItemsPath(Cow<'static, str>);

/// Why a path does not lead to the items of a page.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ItemsPathError {
    /// The path or one of its names is empty.
    #[error("the path to the items has an empty name")]
    Empty,
    /// One of the names is a number. A list inside of one item is not the list.
    #[error("the path to the items has a number in it")]
    Number,
    /// The path has more than eight names.
    #[error("the path to the items has more than eight names")]
    TooDeep,
}

impl ItemsPath {
    /// Where Django REST framework puts the items.
    pub(super) const RESULTS: Self = Self(Cow::Borrowed("results"));

    pub(super) fn new(path: &str) -> Result<Self, ItemsPathError> {
        if path.split('.').any(str::is_empty) {
            return Err(ItemsPathError::Empty);
        }
        if path.split('.').any(|name| name.parse::<u128>().is_ok()) {
            return Err(ItemsPathError::Number);
        }
        if path.split('.').count() > MOST_NAMES {
            return Err(ItemsPathError::TooDeep);
        }
        Ok(Self(Cow::Owned(path.to_owned())))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.split('.')
    }
}

impl fmt::Display for ItemsPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl ItemsPathError {
    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(self) -> &'static str {
        "Write the names of the members that lead to the list, with dots between them, such as \
         results.courses."
    }
}

/// Far more than any API of Open edX has.
const MOST_NAMES: usize = 8;

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use super::*;

    #[test]
    fn a_path_is_made_of_a_few_names() {
        let deep = ["a"; 100].join(".");
        for (path, expected) in [
            ("results", Ok(1)),
            ("results.courses", Ok(2)),
            ("a.b.c.d.e.f.g.h", Ok(8)),
            ("2026-courses", Ok(1)),
            ("a.b.c.d.e.f.g.h.i", Err(ItemsPathError::TooDeep)),
            (&deep, Err(ItemsPathError::TooDeep)),
            ("", Err(ItemsPathError::Empty)),
            (".", Err(ItemsPathError::Empty)),
            ("results.", Err(ItemsPathError::Empty)),
            ("results..courses", Err(ItemsPathError::Empty)),
            ("0", Err(ItemsPathError::Number)),
            ("results.0.courses", Err(ItemsPathError::Number)),
        ] {
            let names = ItemsPath::new(path).map(|path| path.names().count());
            assert_eq!(names, expected, "{path}");
        }
        let path = ItemsPath::new("results.courses").unwrap();
        assert_eq!(path.names().collect::<Vec<_>>(), ["results", "courses"]);
    }

    #[test]
    fn an_error_says_how_a_path_is_written() {
        assert!(ItemsPathError::Empty.advice().contains("results.courses"));
    }
}
