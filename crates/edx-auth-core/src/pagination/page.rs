//! Reads one page of a list.

use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use serde::de::{DeserializeOwned, IgnoredAny};

use super::PageError;
use super::items_path::ItemsPath;
use crate::json::{Members, text};

/// The items of a page, and what it says about the list.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// How many items are on the page.
    pub(super) length: usize,
    pub(super) next: Next,
    /// How many items the whole list has.
    pub(super) total: Option<u64>,
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

impl<T: DeserializeOwned> Page<T> {
    /// Reads a page whose headers name this next page. A bare JSON array is a page too, and the only
    /// one unless the headers name another.
    pub(super) fn read(body: &[u8], path: &ItemsPath, link: Next) -> Result<Self, PageError> {
        match text(body) {
            [b'<', ..] => Err(PageError::Html),
            list @ [b'[', ..] => Self::of_list(list, Next::End.or(link), None),
            object => Self::of_object(object, path, link),
        }
    }

    /// Reads the whole page as one item.
    pub(super) fn read_as_one(
        body: &[u8],
        path: &ItemsPath,
        link: Next,
    ) -> Result<Self, PageError> {
        let page = Page::<IgnoredAny>::read(body, path, link)?;
        Ok(Self {
            items: vec![parsed(text(body))?],
            length: page.length,
            next: page.next,
            total: page.total,
        })
    }

    fn of_list(list: &[u8], next: Next, total: Option<u64>) -> Result<Self, PageError> {
        let items: Vec<T> = parsed(list)?;
        Ok(Self {
            length: items.len(),
            items,
            next,
            total,
        })
    }

    /// Follows the path. Each object on its way may name the next page, and how many items there are.
    fn of_object(object: &[u8], path: &ItemsPath, link: Next) -> Result<Self, PageError> {
        let (mut value, mut next, mut total) = (object, link, None);
        for name in path.names() {
            let members = Members::of(value).ok_or(PageError::NotAPage)?;
            next = next_in(&members)?
                .or(next_under_pagination(&members)?)
                .or(next);
            total = total.or_else(|| total_in(&members));
            let member = members.raw(name);
            value = member
                .ok_or_else(|| PageError::no_list(path, &members))?
                .as_bytes();
        }
        if let Some(members) = Members::of(value) {
            return Err(PageError::no_list(path, &members));
        }
        if !value.starts_with(b"[") {
            return Err(PageError::NotAPage);
        }
        Self::of_list(value, next.present()?, total)
    }
}

impl Next {
    /// Combines the values of two places: a reference in either of them counts.
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

fn parsed<T: DeserializeOwned>(json: &[u8]) -> Result<T, PageError> {
    serde_json::from_slice(json).map_err(|error| PageError::of_items(&error))
}

/// Reads `next`. A value that is neither a string nor `null` is an error of the page.
fn next_in(members: &Members<'_>) -> Result<Next, PageError> {
    let Some(next) = members.raw("next") else {
        return Ok(Next::Missing);
    };
    match serde_json::from_str::<Option<String>>(next) {
        Ok(Some(text)) if !is_no_link(&text) => Ok(Next::Reference(text)),
        Ok(_) => Ok(Next::End),
        Err(_) => Err(PageError::NotAPage),
    }
}

/// Reads the `next` of edX's namespaced paginator; `pagination` is `null` if there is only one page.
fn next_under_pagination(members: &Members<'_>) -> Result<Next, PageError> {
    match members.raw("pagination") {
        None => Ok(Next::Missing),
        Some("null") => Ok(Next::End),
        Some(_) => next_in(&members.object("pagination").ok_or(PageError::NotAPage)?),
    }
}

/// Reads `count`. Any value but a number of items is none: the list can be read without it.
fn total_in(members: &Members<'_>) -> Option<u64> {
    let namespaced = || members.object("pagination")?.get("count");
    members.get("count").or_else(namespaced)
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
