//! The error of a response that is not a success.

use edx_auth_core::{ApiUrl, Problem, TokenError, Verdict};
use http::{Extensions, HeaderMap, StatusCode};

use super::Error;

impl Error {
    /// Checks that a response is a success, by the [`Verdict`] among its extensions. A response of
    /// another HTTP client has none: it is classified by its status and headers alone.
    ///
    /// # Errors
    /// Returns [`Error::Status`] for any other response, such as a redirect that was not followed.
    pub fn check_status(
        status: StatusCode,
        headers: &HeaderMap,
        extensions: &Extensions,
    ) -> Result<(), Self> {
        let verdict = extensions.get().copied();
        let verdict = verdict.unwrap_or_else(|| Verdict::of(status, headers, b""));
        if verdict == Verdict::Success {
            return Ok(());
        }
        let problem = extensions.get().cloned();
        Err(Self::Status {
            url: extensions.get().cloned().map(Box::new),
            status,
            verdict,
            problem: Box::new(problem.unwrap_or_else(|| Problem::of(status, b""))),
            source: extensions.get::<TokenError>().cloned().map(Box::new),
        })
    }
}

/// Returns the name of a server: its URL, if that is known.
pub(super) fn server(url: Option<&ApiUrl>) -> String {
    url.map_or_else(|| "the API".to_owned(), ApiUrl::to_string)
}
