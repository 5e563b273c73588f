//! Why a reply is not the page that it should be.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use core::time::Duration;

use http::StatusCode;
use thiserror::Error;

use crate::resource::Verdict;
use crate::url::UrlError;

/// Why a reply is not the page of a list that it should be.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageError {
    /// The API refused, or is in trouble.
    #[error("the API answered {status}")]
    #[non_exhaustive]
    Status {
        /// The status of the reply.
        status: StatusCode,
        /// What it means.
        verdict: Verdict,
    },
    /// No JSON, no `results`, or no `next` that can be read: where such a list ends nobody can
    /// tell.
    #[error("the reply is no page of a list")]
    NotAPage,
    /// An item is not what the program takes it for. What is said of it is in the program's own
    /// words, and nothing of the item.
    #[error("an item of the list is not what the program expects: {0}")]
    Item(String),
    /// The link to the next page leads where the token must not go.
    #[error("the next page cannot be fetched: {0}")]
    Next(UrlError),
    /// The link to the next page leads back to one that was read already.
    #[error("the list leads back to a page that was read already")]
    Loop,
}

impl PageError {
    pub(super) fn of_status(status: StatusCode, verdict: Verdict) -> Self {
        Self::Status { status, verdict }
    }

    pub(super) fn of_items(fault: &serde_json::Error) -> Self {
        let place = format!("line {}, column {}", fault.line(), fault.column());
        Self::Item(match in_own_words(&fault.to_string()) {
            Some(words) => format!("{words}, at {place}"),
            None => place,
        })
    }

    /// Whether the same page may be there later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Status { verdict, .. } if verdict.is_retryable())
    }

    /// How long to wait before asking again, where that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { verdict, .. } => verdict.retry_after(),
            _ => None,
        }
    }

    /// One sentence on what to do next, for a person who sees this for the first time.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Status { verdict, .. } => verdict.advice(),
            Self::NotAPage => {
                "Check that this URL lists something, in JSON, with `results` and `next`; a single \
                 object is fetched by get()."
            }
            Self::Item(_) => "Compare the program's type with an item as the API gives it.",
            Self::Next(error) => error.advice(),
            Self::Loop => "Tell whoever runs the API: its list has no end.",
        }
    }
}

/// What serde says of a value, without the value: the server's text ends where the program's
/// expectation begins.
fn in_own_words(message: &str) -> Option<String> {
    if let Some(name) = message.strip_prefix("missing field `") {
        let (name, _) = name.split_once('`')?;
        return Some(format!("missing field `{name}`"));
    }
    let quotes = [
        "invalid type: ",
        "invalid value: ",
        "invalid length ",
        "unknown ",
    ];
    if !quotes.iter().any(|quote| message.starts_with(quote)) {
        return None;
    }
    let message = message
        .rsplit_once(" at line ")
        .map_or(message, |(words, _)| words);
    // Where nothing at all is expected, the last words of that kind are the server's.
    if message.ends_with(", there are no fields") || message.ends_with(", there are no variants") {
        return None;
    }
    let (_, expected) = message.rsplit_once(", expected ")?;
    Some("expected ".to_owned() + expected)
}

#[cfg(test)]
mod tests {
    use alloc::vec::Vec;

    use serde::Deserialize;
    use serde::de::DeserializeOwned;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "read by serde alone")]
    struct Course {
        key: String,
        weeks: u8,
        level: Level,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "lowercase")]
    enum Level {
        Easy,
        Hard,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}

    fn said_of(item: &str) -> String {
        said_of_an::<Course>(item)
    }

    fn said_of_an<T: DeserializeOwned + core::fmt::Debug>(item: &str) -> String {
        let list = format!("[{item}]");
        let fault = serde_json::from_str::<Vec<T>>(&list).unwrap_err();
        PageError::of_items(&fault).to_string()
    }

    #[test]
    fn where_nothing_is_expected_nothing_is_quoted() {
        let said = said_of_an::<Nothing>(r#"{"a, expected planted": 5}"#);

        assert!(!said.contains("planted"), "{said}");
    }

    #[test]
    fn what_an_item_lacks_is_said_without_quoting_it() {
        for (item, words) in [
            (r#"{"weeks": 5, "level": "easy"}"#, "missing field `key`"),
            (
                r#"{"key": "x", "weeks": "planted", "level": "easy"}"#,
                "expected u8",
            ),
            (
                r#"{"key": "x", "weeks": 9999, "level": "easy"}"#,
                "expected u8",
            ),
            (
                r#"{"key": "x", "weeks": 5, "level": "planted"}"#,
                "expected `easy` or `hard`",
            ),
            (
                r#""planted, expected planted at line 1""#,
                "expected struct Course",
            ),
            (r#"{"key": "x""#, "line 1, column"),
        ] {
            let said = said_of(item);
            assert!(said.contains(words), "{said}");
            assert!(!said.contains("planted"), "{said}");
        }
    }

    #[test]
    fn every_fault_says_what_to_do_and_when() {
        let wait = Duration::from_secs(7);
        let throttled = Verdict::Throttled { wait };
        let next = UrlError::Fragment;
        for (fault, retry_after, advice) in [
            (
                PageError::of_status(StatusCode::TOO_MANY_REQUESTS, throttled),
                Some(wait),
                throttled.advice(),
            ),
            (PageError::NotAPage, None, "fetched by get()"),
            (PageError::Item(String::new()), None, "an item as the API"),
            (PageError::Next(next.clone()), None, next.advice()),
            (PageError::Loop, None, "its list has no end"),
        ] {
            assert_eq!(fault.retry_after(), retry_after, "{fault}");
            assert_eq!(fault.is_retryable(), retry_after.is_some(), "{fault}");
            assert!(fault.advice().contains(advice), "{fault}");
        }
    }
}
