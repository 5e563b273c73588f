//! Where a list goes on, outside of its paginator.

use alloc::borrow::ToOwned;
use alloc::string::{String, ToString};
use core::fmt;
use core::str::FromStr;

use thiserror::Error;

use crate::resource::ApiUrl;

/// The place between two pages of a list, to go on from there later or in another process:
/// [`to_string`](alloc::string::ToString::to_string) writes it, [`str::parse`] reads it.
///
/// It contains the URL of the next page, and no secret. A position that is read is untrusted: a
/// [`Paginator`](super::Paginator) goes there only if the token may.
///
/// ```
/// use edx_auth_core::{Origins, Paginator, Position};
///
/// let pages = Paginator::new("https://api.edx.org/catalog/v1/catalogs?page=2", Origins::edx())?;
/// let stored = pages.position().map(|position| position.to_string());
///
/// // .. and in the next process:
/// let position: Position = stored.unwrap().parse()?;
/// let pages = Paginator::from_position(&position, Origins::edx())?;
/// assert_eq!(pages.url().unwrap().uri().query(), Some("page=2"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position(String);

/// Why a text is not a position.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum PositionError {
    /// It was written by another version of this library.
    #[error("the position was written by another version of edx-auth")]
    Version,
    /// It is truncated, changed, or was never a position.
    #[error("the text is not a position in a list")]
    Damaged,
}

impl PositionError {
    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Version => "Start the list from its beginning, and store its positions again.",
            Self::Damaged => {
                "Start the list from its beginning, and make sure that a position is written as a \
                 whole or not at all."
            }
        }
    }
}

impl Position {
    pub(super) fn of(url: &ApiUrl) -> Self {
        Self(url.uri().to_string())
    }

    pub(super) fn url(&self) -> &str {
        &self.0
    }
}

/// With the length of the URL: the beginning of a URL is often the URL of another page.
impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{NAME}{VERSION}{} {}", self.0.len(), self.0)
    }
}

impl FromStr for Position {
    type Err = PositionError;

    /// Reads a position. Blanks and line ends around it are ignored.
    fn from_str(text: &str) -> Result<Self, PositionError> {
        let versioned = text.trim().strip_prefix(NAME);
        let versioned = versioned.ok_or(PositionError::Damaged)?;
        let fields = versioned.strip_prefix(VERSION);
        let fields = fields.ok_or(PositionError::Version)?;
        let (length, url) = fields.split_once(' ').ok_or(PositionError::Damaged)?;
        if url.len().to_string() == length {
            Ok(Self(url.to_owned()))
        } else {
            Err(PositionError::Damaged)
        }
    }
}

const NAME: &str = "edx-auth-position/";
const VERSION: &str = "1 ";

#[cfg(test)]
mod tests {
    use alloc::format;

    use proptest::prelude::*;

    use super::*;
    use crate::url::PlaintextHosts;

    const TEXT: &str = "edx-auth-position/1 30 https://lms.example/l/?page=12";

    fn error(text: &str) -> Option<PositionError> {
        text.parse::<Position>().err()
    }

    #[test]
    fn the_text_of_this_version_stays_what_it_is() {
        let url = "https://lms.example/l/?page=12";
        let position = Position::of(&ApiUrl::new(url, &PlaintextHosts::none()).unwrap());

        assert_eq!(position.to_string(), TEXT);
        assert_eq!(TEXT.parse(), Ok(position.clone()));
        assert_eq!(format!("{TEXT}\n").parse(), Ok(position));
    }

    #[test]
    fn another_version_is_told_from_damage() {
        for (text, expected) in [
            ("edx-auth-position/2 x", PositionError::Version),
            ("edx-auth-position/10 1 x", PositionError::Version),
            ("", PositionError::Damaged),
            ("https://lms.example/l/?page=12", PositionError::Damaged),
            ("edx-auth-token/1 1 x", PositionError::Damaged),
            ("edx-auth-position/1 x", PositionError::Damaged),
            ("edx-auth-position/1 +1 x", PositionError::Damaged),
            ("edx-auth-position/1 01 x", PositionError::Damaged),
            (
                "edx-auth-position/1 99999999999999999999 x",
                PositionError::Damaged,
            ),
        ] {
            assert_eq!(error(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_cut_is_an_error_wherever_it_is() {
        for end in 0..TEXT.len() {
            assert!(error(&TEXT[..end]).is_some(), "{end}");
        }
    }

    #[test]
    fn each_error_says_what_to_do() {
        assert!(
            PositionError::Version
                .advice()
                .contains("store its positions again")
        );
        assert!(PositionError::Damaged.advice().contains("as a whole"));
    }

    proptest! {
        #[test]
        fn a_text_of_any_kind_is_a_position_or_an_error(text in any::<String>()) {
            let _ = text.parse::<Position>();
            let _ = format!("{NAME}{VERSION}{text}").parse::<Position>();
        }
    }
}
