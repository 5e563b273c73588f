//! Checks what an error prints.

use std::error::Error;

/// Checks that the error prints one line, and that it has advice.
pub(crate) fn check(error: &impl Error, advice: &str) {
    let shown = error.to_string();
    assert!(!shown.is_empty() && !format!("{error:?}").is_empty());
    assert!(!shown.contains(char::is_control), "{shown:?}");
    assert!(!advice.is_empty());
}
