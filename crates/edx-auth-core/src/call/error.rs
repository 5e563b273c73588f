//! Why an API call has no response.

use core::error::Error;
use core::fmt;
use core::time::Duration;

use crate::error::TransportError;
use crate::lifecycle::TokenError;
use crate::resource::ApiUrl;

/// Why an API call has no response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum CallError {
    /// There is no token to send the call with.
    Token(TokenError),

    /// No complete response arrived.
    #[non_exhaustive]
    Transport {
        /// The URL that was called.
        url: ApiUrl,
        /// What went wrong.
        error: TransportError,
    },
}

impl CallError {
    /// Reports whether the same call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Token(error) => error.is_retryable(),
            Self::Transport { error, .. } => error.is_retryable(),
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

    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Token(error) => error.advice(),
            Self::Transport { error, .. } => error.advice(),
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(error) => error.fmt(f),
            Self::Transport { url, error } => {
                write!(f, "{} {}", url.without_query(), error.failure())
            }
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
