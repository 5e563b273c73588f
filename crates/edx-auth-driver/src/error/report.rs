//! An error as a person at a terminal reads it.

use std::error::Error as StdError;
use std::fmt;
use std::iter::successors;

use super::Error;

/// Two lines: the error with its causes, and the advice.
pub(super) struct Report<'a>(pub(super) &'a Error);

impl fmt::Display for Report<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}", one_line(self.0), self.0.advice())
    }
}

/// Returns the texts of an error and of its causes. HTTP libraries wrap an error and quote it: a cause
/// that was quoted already is left out.
fn one_line(error: &Error) -> String {
    let mut line = error.to_string();
    for cause in causes(error).map(ToString::to_string) {
        if !line.contains(&cause) {
            line = format!("{line}: {cause}");
        }
    }
    line.replace(['\r', '\n'], " ")
}

/// Returns the causes of an error, the innermost last.
pub(crate) fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    successors(error.source(), |cause| (*cause).source())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::io;

    use edx_auth_core::{ApiUrl, PlaintextHosts, TransportError, TransportFailure};

    use super::*;

    /// An error as HTTP libraries have them: its text quotes its cause, and `source` returns the cause.
    #[derive(Debug, thiserror::Error)]
    #[error("tunnel error: {0}")]
    struct Tunnel(#[source] io::Error);

    fn unreachable(url: &ApiUrl, cause: &str) -> Error {
        let cause = Tunnel(io::Error::other(cause));
        let error = TransportError::from(TransportFailure::NotSent).with_cause(cause);
        Error::transport(url, error)
    }

    const COURSES: &str = "https://x.example/courses/?page=7";

    #[test]
    fn an_api_call_that_failed_is_reported_with_what_the_http_client_said() {
        let url = ApiUrl::new(COURSES, &PlaintextHosts::none()).unwrap();
        let error = unreachable(&url, "proxy authorization required");

        assert_eq!(
            error.report().to_string(),
            format!(
                "https://x.example/courses/ could not be reached: \
                 tunnel error: proxy authorization required\n{}",
                error.advice(),
            )
        );
    }

    #[test]
    fn a_list_that_ended_early_has_its_cause_as_its_source() {
        let url = ApiUrl::new(COURSES, &PlaintextHosts::none()).unwrap();
        let error = unreachable(&url, "two\nlines").at_page(url);

        assert_eq!(causes(&error).count(), 3);
        assert_eq!(
            one_line(&error),
            "the list ended early, at https://x.example/courses/?page=7: \
             https://x.example/courses/ could not be reached: tunnel error: two lines"
        );
    }
}
