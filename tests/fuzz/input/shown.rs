//! What can be shown of an error.

use std::error::Error;

/// One line, whatever was handed in.
pub(crate) fn check(error: &impl Error, advice: &str) {
    let shown = error.to_string();
    assert!(!shown.is_empty() && !format!("{error:?}").is_empty());
    assert!(!shown.contains(char::is_control), "{shown:?}");
    assert!(!advice.is_empty());
}
