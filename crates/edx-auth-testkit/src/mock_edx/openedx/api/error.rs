//! The error responses of Django REST framework and of edx-drf-extensions' `JwtAuthentication`.

use crate::mock_edx::http::response::MockResponse;

/// The reason why an API rejects a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ApiError {
    NotAcceptable,
    NoCredentials,
    InvalidToken,
    Forbidden,
    Throttled { seconds: u64 },
    Method { method: String },
    InvalidPage,
    InvalidCursor,
}

impl ApiError {
    pub(crate) fn method(method: &str) -> Self {
        Self::Method {
            method: method.to_owned(),
        }
    }

    /// Returns the response of a view that allows these methods.
    pub(crate) fn response(&self, allowed: &str) -> MockResponse {
        match self {
            Self::NotAcceptable => detail(406, "Could not satisfy the request Accept header."),
            Self::NoCredentials => detail(401, "Authentication credentials were not provided.")
                .header("WWW-Authenticate", r#"JWT realm="api""#),
            Self::InvalidToken => MockResponse::invalid_token(),
            Self::Forbidden => detail(403, "You do not have permission to perform this action."),
            Self::Throttled { seconds } => MockResponse::throttled(*seconds),
            Self::Method { method } => detail(405, &format!(r#"Method \"{method}\" not allowed."#)),
            Self::InvalidPage => detail(404, "Invalid page."),
            Self::InvalidCursor => detail(404, "Invalid cursor"),
        }
        .header("Allow", allowed)
    }
}

fn detail(status: u16, words: &str) -> MockResponse {
    MockResponse::json(status, format!(r#"{{"detail":"{words}"}}"#))
}
