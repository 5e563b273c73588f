//! What of a driver's error its shared state knows.

use std::sync::Arc;

use edx_auth_core::{EnvConfigError, TokenError, UrlError};

type Any = dyn std::error::Error + Send + Sync;

#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    EnvConfig(#[from] EnvConfigError),
    #[error(transparent)]
    Token(#[from] TokenError),
    #[error("the HTTP stack cannot be set up")]
    Setup(#[source] Arc<Any>),
    #[error(transparent)]
    Url(#[from] UrlError),
}

impl Error {
    #[must_use]
    pub fn setup(cause: Box<Any>) -> Self {
        Self::Setup(cause.into())
    }
}
