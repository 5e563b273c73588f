//! Reads one page of a list.

use alloc::string::String;
use alloc::vec::Vec;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::PageError;

/// The items of a page and the link to the next page.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Next,
}

/// The value of `next`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Next {
    /// There is no `next`, so it is unknown whether this is the last page.
    #[default]
    Missing,
    /// This is the last page.
    End,
    /// A reference to the next page.
    Reference(String),
}

/// A page of REST framework. edX's own paginator puts the links under `pagination`.
#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    results: Option<&'a RawValue>,
    #[serde(default, deserialize_with = "next")]
    next: Next,
    #[serde(default, deserialize_with = "next_of_links")]
    pagination: Next,
}

#[derive(Default, Deserialize)]
struct Links {
    #[serde(default, deserialize_with = "next")]
    next: Next,
}

impl<T: DeserializeOwned> Page<T> {
    /// Reads a page. A bare JSON array is a list with a single page.
    pub(super) fn read(body: &[u8]) -> Result<Self, PageError> {
        if body.trim_ascii_start().starts_with(b"[") {
            return Ok(Self {
                items: items(body)?,
                next: Next::End,
            });
        }
        let envelope: Envelope<'_> =
            serde_json::from_slice(body).map_err(|_| PageError::NotAPage)?;
        let results = envelope.results.ok_or(PageError::NotAPage)?;
        Ok(Self {
            items: items(results.get().as_bytes())?,
            next: envelope.next.or(envelope.pagination).present()?,
        })
    }
}

impl Next {
    /// Combines the values of both places: a reference in either of them counts.
    fn or(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Reference(_), _) | (Self::End, Self::Missing | Self::End) => self,
            (Self::Missing, _) | (Self::End, Self::Reference(_)) => other,
        }
    }

    fn present(self) -> Result<Self, PageError> {
        match self {
            Self::Missing => Err(PageError::NotAPage),
            present => Ok(present),
        }
    }
}

fn items<T: DeserializeOwned>(list: &[u8]) -> Result<Vec<T>, PageError> {
    serde_json::from_slice(list).map_err(|error| PageError::of_items(&error))
}

/// Reads `next`. A value that is neither a string nor `null` is an error of the page.
fn next<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Next, D::Error> {
    let next = Option::<String>::deserialize(deserializer)?;
    Ok(match next {
        Some(text) if !is_no_link(&text) => Next::Reference(text),
        _ => Next::End,
    })
}

/// Reads the `next` of edX's paginator; `null` if there is only one page.
fn next_of_links<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Next, D::Error> {
    let links = Option::<Links>::deserialize(deserializer)?;
    Ok(links.map_or(Next::End, |links| links.next))
}

/// Reports whether this text means `null`: edX's gateway quotes `next` by text replacement, so that
/// a null becomes an empty string or a word such as `None`. No other word ends the list, because
/// that could silently truncate it.
fn is_no_link(text: &str) -> bool {
    let words = ["", "null", "none", "nil", "undefined", "false"];
    words
        .iter()
        .any(|word| text.trim().eq_ignore_ascii_case(word))
}
