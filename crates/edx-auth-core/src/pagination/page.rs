//! One page of a list, read.

use alloc::string::String;
use alloc::vec::Vec;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;

use super::PageError;

/// The items of a page, and where the list goes on.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    pub(super) next: Next,
}

/// What stands under `next`.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Next {
    /// Nothing stands there at all, so nobody can tell whether this is the end.
    #[default]
    Unsaid,
    /// This is the last page.
    End,
    /// A reference to the next one.
    Reference(String),
}

/// REST framework's page; edX's own paginator puts the links under `pagination`.
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
    /// Reads a page. A bare list is one that is not cut into pages.
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
            next: envelope.next.or(envelope.pagination).said()?,
        })
    }
}

impl Next {
    /// Of two places where it may stand, the one that leads on; a list that goes on anywhere does.
    fn or(self, other: Self) -> Self {
        match (&self, &other) {
            (Self::Reference(_), _) | (Self::End, Self::Unsaid | Self::End) => self,
            (Self::Unsaid, _) | (Self::End, Self::Reference(_)) => other,
        }
    }

    fn said(self) -> Result<Self, PageError> {
        match self {
            Self::Unsaid => Err(PageError::NotAPage),
            said => Ok(said),
        }
    }
}

fn items<T: DeserializeOwned>(list: &[u8]) -> Result<Vec<T>, PageError> {
    serde_json::from_slice(list).map_err(|fault| PageError::of_items(&fault))
}

/// What is neither a text nor `null` is not understood, and spoils the page.
fn next<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Next, D::Error> {
    let next = Option::<String>::deserialize(deserializer)?;
    Ok(match next {
        Some(text) if !is_no_link(&text) => Next::Reference(text),
        _ => Next::End,
    })
}

/// edX's paginator, where there are pages at all.
fn next_of_links<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Next, D::Error> {
    let links = Option::<Links>::deserialize(deserializer)?;
    Ok(links.map_or(Next::End, |links| links.next))
}

/// edX's gateway puts `next` into quotes by text replacement, so that a null becomes an empty text,
/// or a word for nothing. Any other word is no end: a list that goes on by other means would be cut
/// short without an error.
fn is_no_link(text: &str) -> bool {
    let words = ["", "null", "none", "nil", "undefined", "false"];
    words
        .iter()
        .any(|word| text.trim().eq_ignore_ascii_case(word))
}
