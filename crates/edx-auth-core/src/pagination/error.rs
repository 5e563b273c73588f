//! Why a response is not a page of the list.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use core::time::Duration;

use http::StatusCode;
use thiserror::Error;

use crate::resource::Verdict;
use crate::url::UrlError;

/// Why a response is not a page of the list.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PageError {
    /// The status is not a success.
    #[error("the API responded with {status}")]
    #[non_exhaustive]
    Status {
        /// The status of the response.
        status: StatusCode,
        /// What it means.
        verdict: Verdict,
    },
    /// The body is not JSON, or it has no `results` or no readable `next`, so the end of the list
    /// is unknown.
    #[error("the response is not a paginated list")]
    NotAPage,
    /// An item does not match the program's type. The text names what the program expects and
    /// quotes nothing of the item.
    #[error("an item of the list does not match the program's type: {0}")]
    Item(String),
    /// The next link leads to a URL that the token must not be sent to.
    #[error("the next page cannot be fetched: {0}")]
    Next(UrlError),
    /// The next link leads back to a page that was read already.
    #[error("the next link leads back to a page that was read already")]
    Loop,
}

impl PageError {
    pub(super) fn of_status(status: StatusCode, verdict: Verdict) -> Self {
        Self::Status { status, verdict }
    }

    pub(super) fn of_items(error: &serde_json::Error) -> Self {
        let place = format!("line {}, column {}", error.line(), error.column());
        Self::Item(match expectation(&error.to_string()) {
            Some(expected) => format!("{expected}, at {place}"),
            None => place,
        })
    }

    /// Reports whether the same page may be available later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::Status { verdict, .. } if verdict.is_retryable())
    }

    /// Returns how long to wait before the next request, if it is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { verdict, .. } => verdict.retry_after(),
            _ => None,
        }
    }

    /// Returns one sentence on what to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Status { verdict, .. } => verdict.advice(),
            Self::NotAPage => {
                "Check that this URL returns a list as JSON with `results` and `next`; fetch a \
                 single object with get()."
            }
            Self::Item(_) => "Compare the program's type with an item as the API returns it.",
            Self::Next(error) => error.advice(),
            Self::Loop => "Report it to the API's operator: its pagination loops.",
        }
    }
}

/// Returns the part of serde's message that names what the program expects, without the part that
/// quotes the server's value.
fn expectation(message: &str) -> Option<String> {
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
    // If the type has no fields or variants, the last ", expected " is inside the server's value.
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
    #[expect(dead_code, reason = "only serde reads them")]
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

    fn error_of(item: &str) -> String {
        error_of_an::<Course>(item)
    }

    fn error_of_an<T: DeserializeOwned + core::fmt::Debug>(item: &str) -> String {
        let list = format!("[{item}]");
        let error = serde_json::from_str::<Vec<T>>(&list).unwrap_err();
        PageError::of_items(&error).to_string()
    }

    #[test]
    fn an_error_that_expects_no_field_quotes_none() {
        let shown = error_of_an::<Nothing>(r#"{"a, expected planted": 5}"#);

        assert!(!shown.contains("planted"), "{shown}");
    }

    #[test]
    fn an_error_in_an_item_is_described_without_quoting_it() {
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
            let shown = error_of(item);
            assert!(shown.contains(words), "{shown}");
            assert!(!shown.contains("planted"), "{shown}");
        }
    }

    #[test]
    fn every_page_error_says_what_to_do_and_when() {
        let wait = Duration::from_secs(7);
        let throttled = Verdict::Throttled { wait };
        let next = UrlError::Fragment;
        for (fault, retry_after, advice) in [
            (
                PageError::of_status(StatusCode::TOO_MANY_REQUESTS, throttled),
                Some(wait),
                throttled.advice(),
            ),
            (PageError::NotAPage, None, "with get()"),
            (PageError::Item(String::new()), None, "an item as the API"),
            (PageError::Next(next.clone()), None, next.advice()),
            (PageError::Loop, None, "its pagination loops"),
        ] {
            assert_eq!(fault.retry_after(), retry_after, "{fault}");
            assert_eq!(fault.is_retryable(), retry_after.is_some(), "{fault}");
            assert!(fault.advice().contains(advice), "{fault}");
        }
    }
}
