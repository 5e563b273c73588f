//! Everything that can go wrong between a program and an API of edX.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{
    ApiUrl, CallError, EnvConfigError, ExchangeError, PageError, TokenError, TransportError,
    UrlError,
};

/// Why a request of the program failed.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A variable of the environment is missing or invalid.
    #[error(transparent)]
    EnvConfig(#[from] EnvConfigError),

    /// The token must not be sent to this URL.
    #[error(transparent)]
    Url(#[from] UrlError),

    /// A single token request brought no token.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),

    /// There is no token, or none yet. Callers that waited together get the same error.
    #[error(transparent)]
    Token(#[from] TokenError),

    /// The HTTP client cannot be set up.
    #[error("could not set up the HTTP client")]
    Setup(#[source] Arc<dyn StdError + Send + Sync>),

    /// An API call has no complete response.
    #[error("{url} {}", .error.failure())]
    #[non_exhaustive]
    Transport {
        /// What was called.
        url: ApiUrl,
        /// What went wrong, and what the HTTP client said about it.
        error: TransportError,
    },

    /// The program describes a request that cannot be sent.
    #[error("could not build the request")]
    Request(#[source] Arc<dyn StdError + Send + Sync>),

    /// A response is not the page of a list that it should be.
    #[error(transparent)]
    Page(#[from] PageError),

    /// A paginated list ended early. Every item before this page was returned, and none of it: a
    /// list started at this page goes on without a gap.
    #[error("pagination failed at {page}: {cause}")]
    #[non_exhaustive]
    Pagination {
        /// The page to go on from.
        page: ApiUrl,
        /// Why it failed.
        cause: Box<Self>,
    },
}

impl Error {
    /// Creates the error of an HTTP client that cannot be set up.
    pub fn setup(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Setup(cause.into().into())
    }

    /// Creates the error of a request that cannot be built.
    pub fn request(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Request(cause.into().into())
    }

    /// Creates the error of an API call without a complete response.
    pub fn transport(url: &ApiUrl, error: impl Into<TransportError>) -> Self {
        Self::Transport {
            url: url.clone(),
            error: error.into(),
        }
    }

    /// Names the page of a list that could not be fetched.
    #[must_use]
    pub fn at_page(self, page: ApiUrl) -> Self {
        Self::Pagination {
            page,
            cause: Box::new(self),
        }
    }

    /// Returns one sentence on what to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::EnvConfig(error) => error.advice(),
            Self::Url(error) => error.advice(),
            Self::Exchange(error) => error.advice(),
            Self::Token(error) => error.advice(),
            Self::Setup(_) => {
                "Fix what the cause names: for TLS, enable the feature `rustls` or `native-tls`; \
                 for a runtime, call from within tokio, with its I/O and timers enabled; else the \
                 settings of the HTTP client that was handed in."
            }
            Self::Transport { error, .. } => error.advice(),
            Self::Request(_) => "Fix what the cause names: a header, the query or the body.",
            Self::Page(error) => error.advice(),
            Self::Pagination { cause, .. } => cause.advice(),
        }
    }

    /// Reports whether the same call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::EnvConfig(_) | Self::Url(_) | Self::Setup(_) | Self::Request(_) => false,
            Self::Exchange(error) => error.is_retryable(),
            Self::Token(error) => error.is_retryable(),
            Self::Transport { error, .. } => error.is_retryable(),
            Self::Page(error) => error.is_retryable(),
            Self::Pagination { cause, .. } => cause.is_retryable(),
        }
    }

    /// Returns how long to wait before the next call, where that is known. If the error is not
    /// [retryable](Self::is_retryable), something has to be fixed in the meantime.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Exchange(error) => error.retry_after(),
            Self::Token(error) => error.retry_after(),
            Self::Page(error) => error.retry_after(),
            Self::Pagination { cause, .. } => cause.retry_after(),
            _ => None,
        }
    }
}

impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Token(error) => Self::Token(error),
            CallError::Transport { url, error, .. } => Self::Transport { url, error },
            error => Self::request(error),
        }
    }
}
