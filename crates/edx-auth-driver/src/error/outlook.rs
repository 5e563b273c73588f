//! What an error says about the next try.

use std::time::Duration;

use edx_auth_core::TransportError;

use super::Error;

/// What to do after an error, and when.
pub(super) struct Outlook {
    pub(super) advice: &'static str,
    pub(super) is_retryable: bool,
    pub(super) retry_after: Option<Duration>,
}

/// Asks an error that knows all three.
macro_rules! outlook_of {
    ($error:expr) => {
        Outlook {
            advice: $error.advice(),
            is_retryable: $error.is_retryable(),
            retry_after: $error.retry_after(),
        }
    };
}

impl Outlook {
    pub(super) fn of(error: &Error) -> Self {
        match error {
            Error::EnvConfig(error) => Self::without_wait(error.advice(), error.is_retryable()),
            Error::Input(error) => Self::permanent(error.advice()),
            Error::Url(error) => Self::permanent(error.advice()),
            Error::ItemsPath(error) => Self::permanent(error.advice()),
            Error::Setup(_) => Self::permanent(SETUP),
            Error::Request(_) => Self::permanent(REQUEST),
            Error::Tenancy(error) => Self::without_wait(error.advice(), error.is_retryable()),
            Error::Transport { failure, .. } => {
                let error = TransportError::from(*failure);
                Self::without_wait(error.advice(), error.is_retryable())
            }
            Error::Exchange(error) => outlook_of!(error),
            Error::Token(error) => outlook_of!(error),
            Error::Page(error) => outlook_of!(error),
            Error::Status {
                source: Some(error),
                ..
            } => outlook_of!(error),
            Error::Status { verdict, .. } => outlook_of!(verdict),
            Error::Pagination { cause, .. } => Self::of(cause),
        }
    }

    /// Returns the outlook of an error that lasts until something is done.
    const fn permanent(advice: &'static str) -> Self {
        Self::without_wait(advice, false)
    }

    /// Returns the outlook of an error that does not say how long to wait.
    const fn without_wait(advice: &'static str, is_retryable: bool) -> Self {
        Self {
            advice,
            is_retryable,
            retry_after: None,
        }
    }
}

const SETUP: &str = "Fix what the cause names. For https, enable the feature `rustls` or \
                     `native-tls`; for async calls, run inside tokio with its I/O and timers enabled.";
const REQUEST: &str = "Fix what the cause names: a header, the query or the body.";
