//! Everything that can go wrong between a program and an API of edX.

use std::sync::Arc;

use edx_auth_core::{ApiUrl, EnvironmentError, ExchangeError, TransportFailure, UrlError};

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

    /// There is no token.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),

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
            Self::Call { failure, .. } => failure.advice(),
        }
    }

    pub(crate) fn call(url: &ApiUrl, cause: ureq::Error) -> Self {
        Self::Call {
            url: url.clone(),
            failure: failure::of(&cause),
            cause: Arc::new(cause),
        }
    }
}
