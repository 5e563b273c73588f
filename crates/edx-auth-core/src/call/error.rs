//! Why an API call has no response.

use core::error::Error;
use core::fmt;
use core::time::Duration;

use crate::error::{TransportError, TransportFailure};
use crate::lifecycle::TokenError;
use crate::resource::ApiUrl;

/// Why an API call has no response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CallError {
    /// There is no token, and the call was not sent.
    Token(TokenError),

    /// No complete response arrived.
    #[non_exhaustive]
    Transport {
        /// What was called.
        url: ApiUrl,
        /// What went wrong.
        error: TransportError,
    },
}

impl CallError {
    /// Creates the error of a response that broke while its body was read.
    pub fn transport(url: &ApiUrl, error: impl Into<TransportError>) -> Self {
        Self::Transport {
            url: url.clone(),
            error: error.into(),
        }
    }

    /// Reports whether the same call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Token(error) => error.is_retryable(),
            Self::Transport { error, .. } => !matches!(
                error.failure(),
                TransportFailure::NotTrusted
                    | TransportFailure::TooLarge { .. }
                    | TransportFailure::Redirected
            ),
        }
    }

    /// Returns how long to wait before the next call, where that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Token(error) => error.retry_after(),
            Self::Transport { .. } => None,
        }
    }

    /// Returns one sentence on what to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Token(error) => error.advice(),
            Self::Transport { error, .. } => match error.failure() {
                TransportFailure::TooLarge { .. } => {
                    "Ask for smaller pages, by page_size or limit."
                }
                TransportFailure::Redirected => {
                    "Set the HTTP client to follow no redirects; until it expires, the token may be \
                     in other hands."
                }
                failure => failure.advice(),
            },
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(error) => error.fmt(f),
            Self::Transport { url, error } => write!(f, "{url} {}", error.failure()),
        }
    }
}

impl Error for CallError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Token(error) => error.source(),
            Self::Transport { error, .. } => error.source(),
        }
    }
}

impl From<TokenError> for CallError {
    fn from(error: TokenError) -> Self {
        Self::Token(error)
    }
}
