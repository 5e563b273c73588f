//! Why a response is not a page of the list.

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::time::Duration;

use http::StatusCode;
use thiserror::Error;

use super::items_path::ItemsPath;
use crate::json::Members;
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
    /// The body is not JSON, or it has no list or no readable `next`, so the end of the list is
    /// unknown.
    #[error("the response is not a paginated list")]
    NotAPage,
    /// The body is an HTML page. A site under maintenance sends one.
    #[error("the API responded with an HTML page and not with a list")]
    Html,
    /// There is an object with these keys where the list should be, or the list is not among them. See
    /// [`Paginator::items_at`](crate::Paginator::items_at).
    #[error("the response has no list at {place}, but an object with the keys {keys}")]
    #[non_exhaustive]
    NoList {
        /// Where the list should be.
        place: String,
        /// What is there instead, as far as it is the name of a field.
        keys: String,
    },
    /// An item, or a [whole page](crate::Paginator::whole_pages), does not match the program's type.
    /// The text names what the program expects and quotes nothing of the response.
    #[error("the page does not match the program's type: {0}")]
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

    /// Names the keys that are names of fields, and not data such as a user name.
    pub(super) fn no_list(place: &ItemsPath, found: &Members<'_>) -> Self {
        let keys: Vec<_> = found
            .names()
            .filter(|name| is_field(name))
            .take(MOST_KEYS)
            .collect();
        if keys.is_empty() {
            Self::NotAPage
        } else {
            Self::NoList {
                place: place.to_string(),
                keys: keys.join(", "),
            }
        }
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
        match self {
            Self::Status { verdict, .. } => verdict.is_retryable(),
            Self::Html => true,
            _ => false,
        }
    }

    /// Returns how long to wait before the next request, if it is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { verdict, .. } => verdict.retry_after(),
            _ => None,
        }
    }

    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Status { verdict, .. } => verdict.advice(),
            Self::NotAPage => {
                "Check that this URL returns a list as JSON with `results` and `next`; fetch a \
                 single object with get()."
            }
            Self::Html => {
                "Try again later, in case of maintenance; if it persists, check that an API is at this \
                 URL."
            }
            Self::NoList { .. } => {
                "Name the place of the list with items_at, such as results.courses; fetch a single \
                 object with get()."
            }
            Self::Item(_) => "Compare the program's type with what the API returns.",
            Self::Next(error) => error.advice(),
            Self::Loop => "Report it to the API's operator: its pagination loops.",
        }
    }
}

fn is_field(name: &str) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    name.len() <= LONGEST_KEY && name.bytes().all(is_plain) && !name.is_empty()
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

const MOST_KEYS: usize = 8;

const LONGEST_KEY: usize = 40;

#[cfg(test)]
mod tests {
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
    fn keys_that_may_be_data_are_not_named() {
        let error = |object: &str| {
            let members = Members::of(object.as_bytes()).unwrap();
            PageError::no_list(&ItemsPath::RESULTS, &members)
        };

        let named = error(r#"{"courses":1,"a_2":2,"a@example.org":3,"Zoe":4,"":5,"a b":6}"#);
        let words = "the response has no list at results, but an object with the keys a_2, courses";
        assert_eq!(named.to_string(), words);
        assert_eq!(error(r#"{"Zoe":1}"#), PageError::NotAPage);
        let many: Vec<_> = (10..20).map(|key| format!(r#""{key}":1"#)).collect();
        let named = error(&format!("{{{}}}", many.join(",")));
        assert!(
            named
                .to_string()
                .ends_with("keys 10, 11, 12, 13, 14, 15, 16, 17"),
            "{named}"
        );
    }

    #[test]
    fn an_html_page_may_be_a_list_later() {
        assert!(PageError::Html.is_retryable());
        assert_eq!(PageError::Html.retry_after(), None);
        assert!(PageError::Html.advice().contains("later"));
    }

    #[test]
    fn every_page_error_says_what_to_do_and_when() {
        let wait = Duration::from_secs(7);
        let throttled = Verdict::Throttled { wait };
        let next = UrlError::Fragment;
        let no_list = || PageError::NoList {
            place: String::new(),
            keys: String::new(),
        };
        for (fault, retry_after, advice) in [
            (
                PageError::of_status(StatusCode::TOO_MANY_REQUESTS, throttled),
                Some(wait),
                throttled.advice(),
            ),
            (PageError::NotAPage, None, "with get()"),
            (no_list(), None, "with items_at"),
            (PageError::Item(String::new()), None, "what the API returns"),
            (PageError::Next(next.clone()), None, next.advice()),
            (PageError::Loop, None, "its pagination loops"),
        ] {
            assert_eq!(fault.retry_after(), retry_after, "{fault}");
            assert_eq!(fault.is_retryable(), retry_after.is_some(), "{fault}");
            assert!(fault.advice().contains(advice), "{fault}");
        }
    }
}
