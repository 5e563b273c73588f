//! Everything that can go wrong between a program and an API of edX.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{
    ApiUrl, EnvConfigError, ExchangeError, PageError, TokenError, TransportFailure, UrlError,
};

use crate::failure;

/// Why a program did not get what it asked for.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The environment asks for nothing that can be done.
    #[error(transparent)]
    EnvConfig(#[from] EnvConfigError),

    /// Nothing secret may be sent to this URL.
    #[error(transparent)]
    Url(#[from] UrlError),

    /// One exchange brought no token.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),

    /// There is no token, or none yet. Callers that waited together get the same.
    #[error(transparent)]
    Token(#[from] TokenError),

    /// The HTTP stack cannot do what is asked of it.
    #[error("the HTTP stack cannot be set up")]
    Setup(#[source] Arc<dyn StdError + Send + Sync>),

    /// The API call brought no reply.
    #[error("{url} {failure}")]
    #[non_exhaustive]
    Transport {
        /// What was called.
        url: ApiUrl,
        /// What went wrong.
        failure: TransportFailure,
        /// What the HTTP stack said, if it said anything.
        #[source]
        cause: Option<Arc<dyn StdError + Send + Sync>>,
    },

    /// The program describes a request that cannot be sent.
    #[error("the request cannot be built")]
    Request(#[source] Arc<dyn StdError + Send + Sync>),

    /// A reply that is not the page of a list that it should be.
    #[error(transparent)]
    Page(#[from] PageError),

    /// A walk over the pages of a list broke off. Every item before this page was given, and none
    /// of it: a walk that begins there goes on without a gap.
    #[error("the list breaks off at {page}: {cause}")]
    #[non_exhaustive]
    Pagination {
        /// The page to go on from.
        page: ApiUrl,
        /// Why it broke off.
        cause: Box<Self>,
    },
}

impl Error {
    /// One sentence on what to do next, for a person who sees this for the first time.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::EnvConfig(error) => error.advice(),
            Self::Url(error) => error.advice(),
            Self::Exchange(error) => error.advice(),
            Self::Token(error) => error.advice(),
            Self::Setup(_) => {
                "Mend what the cause names: where it is TLS, switch on the feature `rustls` or \
                 `native-tls`; where it is a runtime, call from within tokio, with its I/O and \
                 timers on; else the settings of the client that was handed in."
            }
            Self::Transport { failure, .. } => advice_on(*failure),
            Self::Request(_) => "Mend what the cause names: a header, the query or the body.",
            Self::Page(fault) => fault.advice(),
            Self::Pagination { cause, .. } => cause.advice(),
        }
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::EnvConfig(_) | Self::Url(_) | Self::Setup(_) | Self::Request(_) => false,
            Self::Exchange(error) => error.is_retryable(),
            Self::Token(error) => error.is_retryable(),
            Self::Transport { failure, .. } => is_passing(*failure),
            Self::Page(fault) => fault.is_retryable(),
            Self::Pagination { cause, .. } => cause.is_retryable(),
        }
    }

    /// How long to wait before asking again, where that is known. Where the error is not
    /// [retryable](Self::is_retryable), somebody has to mend something meanwhile.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Exchange(error) => error.retry_after(),
            Self::Token(error) => error.retry_after(),
            Self::Page(fault) => fault.retry_after(),
            Self::Pagination { cause, .. } => cause.retry_after(),
            _ => None,
        }
    }

    pub(crate) fn setup(cause: Box<dyn StdError + Send + Sync>) -> Self {
        Self::Setup(cause.into())
    }

    pub(crate) fn transport(url: &ApiUrl, cause: reqwest::Error) -> Self {
        Self::Transport {
            url: url.clone(),
            failure: failure::of(&cause),
            cause: Some(Arc::new(cause.without_url())),
        }
    }

    pub(crate) fn failed(url: &ApiUrl, failure: TransportFailure) -> Self {
        Self::Transport {
            url: url.clone(),
            failure,
            cause: None,
        }
    }

    pub(crate) fn request(cause: impl StdError + Send + Sync + 'static) -> Self {
        Self::Request(Arc::new(cause))
    }

    pub(crate) fn at(self, page: ApiUrl) -> Self {
        Self::Pagination {
            page,
            cause: Box::new(self),
        }
    }
}

/// An API call carries no secret but the token, and its replies may be long.
fn advice_on(failure: TransportFailure) -> &'static str {
    match failure {
        TransportFailure::TooLarge { .. } => "Ask for smaller pages, by page_size or limit.",
        TransportFailure::Redirected => {
            "Set the HTTP client to follow no redirects; until it expires, the token may be in \
             other hands."
        }
        _ => failure.advice(),
    }
}

fn is_passing(failure: TransportFailure) -> bool {
    !matches!(
        failure,
        TransportFailure::NotTrusted
            | TransportFailure::TooLarge { .. }
            | TransportFailure::Redirected
    )
}
