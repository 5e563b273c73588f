//! Everything that can go wrong between a program and an API of edX.

use std::error::Error as StdError;
use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{ApiUrl, EnvironmentError, ExchangeError, NoToken, TransportFailure, UrlError};

use crate::failure;

/// Why a program did not get what it asked for.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The environment asks for nothing that can be done.
    #[error(transparent)]
    Environment(#[from] EnvironmentError),

    /// Nothing secret may be sent to this URL.
    #[error(transparent)]
    Url(#[from] UrlError),

    /// One exchange brought no token.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),

    /// There is no token, or none yet. Callers that waited together get the same.
    #[error(transparent)]
    NoToken(#[from] NoToken),

    /// The HTTP stack cannot do what is asked of it.
    #[error("the HTTP stack cannot be set up")]
    Stack(#[source] Arc<dyn StdError + Send + Sync>),

    /// The API call brought no reply.
    #[error("{url} {failure}")]
    #[non_exhaustive]
    Call {
        /// What was called.
        url: ApiUrl,
        /// What went wrong.
        failure: TransportFailure,
        /// What the HTTP stack said.
        #[source]
        cause: Arc<ureq::Error>,
    },
}

impl Error {
    /// One sentence on what to do next, for a person who sees this for the first time.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Environment(error) => error.advice(),
            Self::Url(error) => error.advice(),
            Self::Exchange(error) => error.advice(),
            Self::NoToken(error) => error.advice(),
            Self::Stack(_) => {
                "Where TLS is missing, switch on the feature `rustls` or `native-tls`; else mend \
                 what the cause names in the settings of the client that was handed in."
            }
            Self::Call { failure, .. } => failure.advice(),
        }
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Environment(_) | Self::Url(_) | Self::Stack(_) => false,
            Self::Exchange(error) => error.is_retryable(),
            Self::NoToken(error) => error.is_retryable(),
            Self::Call { .. } => true,
        }
    }

    /// How long to wait before asking again, where that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Exchange(error) => error.retry_after(),
            Self::NoToken(error) => error.retry_after(),
            _ => None,
        }
    }

    pub(crate) fn stack(cause: Box<dyn StdError + Send + Sync>) -> Self {
        Self::Stack(cause.into())
    }

    pub(crate) fn call(url: &ApiUrl, cause: ureq::Error) -> Self {
        Self::Call {
            url: url.clone(),
            failure: failure::of(&cause),
            cause: Arc::new(cause),
        }
    }
}
