//! Why no complete response arrived.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::error::Error;
use core::fmt;

use http::StatusCode;

/// Why a request has no complete response, and what the HTTP client said about it.
///
/// The cause is shown to people and written to logs: hand in none that quotes the request's body or
/// its `Authorization`.
///
/// ```
/// use std::error::Error;
/// use std::io;
/// use edx_auth_core::{TransportError, TransportFailure};
///
/// let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
/// let error = TransportError::from(TransportFailure::NotSent).with_cause(refused);
/// assert_eq!(error.to_string(), "the server could not be reached");
/// assert_eq!(error.source().unwrap().to_string(), "connection refused");
/// ```
#[derive(Clone, Debug)]
pub struct TransportError {
    failure: TransportFailure,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl TransportError {
    /// Adds what the HTTP client said.
    #[must_use]
    pub fn with_cause(self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            cause: Some(cause.into().into()),
            ..self
        }
    }

    /// Returns what is certain.
    #[must_use]
    pub fn failure(&self) -> TransportFailure {
        self.failure
    }

    /// Reports whether the same API call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.failure.is_retryable() && !matches!(self.failure, TransportFailure::TooLarge { .. })
    }

    /// Returns one sentence on what to do next about an API call.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self.failure {
            TransportFailure::TooLarge { .. } => "Ask for smaller pages, by page_size or limit.",
            TransportFailure::Redirected => {
                "Set the HTTP client to follow no redirects; until it expires, the token may be in \
                 other hands."
            }
            failure => failure.advice(),
        }
    }

    pub(crate) fn into_parts(self) -> (TransportFailure, Option<Arc<dyn Error + Send + Sync>>) {
        (self.failure, self.cause)
    }
}

impl From<TransportFailure> for TransportError {
    fn from(failure: TransportFailure) -> Self {
        Self {
            failure,
            cause: None,
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the server {}", self.failure)
    }
}

impl Error for TransportError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_deref().map(|cause| cause as _)
    }
}

/// Why no complete reply arrived, as far as a transport can tell.
///
/// The words of each complete a sentence that begins with the URL that was asked.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportFailure {
    /// The request surely never left: no such name, no connection, no TLS. The server saw nothing.
    #[error("could not be reached")]
    NotSent,

    /// The request surely never left: the server's certificate is not to be trusted. That stays so
    /// until somebody mends it, so a token source asks again after the pauses of a permanent refusal
    /// ([`RenewalPolicyBuilder::permanent_backoff`]): a site that has mended its certificate is found
    /// again by itself.
    ///
    /// [`RenewalPolicyBuilder::permanent_backoff`]: crate::RenewalPolicyBuilder::permanent_backoff
    #[error("showed a certificate that is not trusted")]
    NotTrusted,

    /// The connection broke after the request may have left. Another token request is harmless,
    /// but counts.
    #[error("broke off before its reply was complete")]
    MaybeSent,

    /// No complete reply within the deadline.
    #[error("did not answer in time")]
    TimedOut,

    /// The body went past [`TransportRules::body_limit`](crate::TransportRules::body_limit). Its
    /// status still says much: a site in debug mode answers a wrong URL with a long page.
    #[error("sent a reply that is too large")]
    TooLarge {
        /// The status of the reply.
        status: StatusCode,
    },

    /// The HTTP stack followed a redirect although the rules forbid it, and noticed afterwards: the
    /// secret may have been sent to another server.
    #[error("redirected the request, and the HTTP stack followed")]
    Redirected,
}

impl TransportFailure {
    /// One sentence on what to do next.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::NotSent => {
                "Check the host name, the port and whether it speaks https or http, the network \
                 and, with a company proxy, its address (HTTPS_PROXY) and certificate."
            }
            Self::NotTrusted => {
                "Check the host name and this machine's clock; behind a company proxy, add its \
                 certificate to the system's or hand in a client that trusts it; else tell whoever \
                 runs the site."
            }
            Self::MaybeSent => {
                "Try again; if it stays so, look for a proxy or a firewall that cuts the \
                 connection, or speaks TLS where plain http is asked, or the other way round."
            }
            Self::TimedOut => "Try again; a site that was just restarted needs its time at first.",
            Self::TooLarge { .. } => {
                "Check that the URL is the token endpoint's: it answers in a few thousand bytes."
            }
            Self::Redirected => {
                "Regenerate id and secret, which may have been sent elsewhere, and set the HTTP \
                 client to follow no redirects."
            }
        }
    }

    /// Whether the very same request may succeed later.
    pub(super) fn is_retryable(self) -> bool {
        !matches!(self, Self::NotTrusted | Self::Redirected)
    }

    /// The status, where at least that arrived.
    pub(crate) fn status(self) -> Option<StatusCode> {
        match self {
            Self::TooLarge { status } => Some(status),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: StatusCode = StatusCode::NOT_FOUND;

    #[test]
    fn every_failure_says_what_to_do_and_whether_waiting_helps() {
        for (failure, is_retryable, advice) in [
            (TransportFailure::NotSent, true, "Check the host name"),
            (TransportFailure::NotTrusted, false, "certificate"),
            (TransportFailure::MaybeSent, true, "cuts the connection"),
            (TransportFailure::TimedOut, true, "just restarted"),
            (
                TransportFailure::TooLarge { status: STATUS },
                true,
                "a few thousand bytes",
            ),
            (
                TransportFailure::Redirected,
                false,
                "Regenerate id and secret",
            ),
        ] {
            assert_eq!(failure.is_retryable(), is_retryable, "{failure}");
            assert!(failure.advice().contains(advice), "{failure}");
        }
    }

    #[test]
    fn an_api_call_has_its_own_advice_where_the_token_request_has_another() {
        for (failure, is_retryable, advice) in [
            (TransportFailure::NotSent, true, "Check the host name"),
            (TransportFailure::NotTrusted, false, "certificate"),
            (
                TransportFailure::TooLarge { status: STATUS },
                false,
                "smaller pages",
            ),
            (TransportFailure::Redirected, false, "until it expires"),
        ] {
            let error = TransportError::from(failure);
            assert_eq!(error.is_retryable(), is_retryable, "{failure}");
            assert!(error.advice().contains(advice), "{failure}");
        }
    }

    #[test]
    fn the_status_of_what_was_too_large_is_known() {
        assert_eq!(
            TransportFailure::TooLarge { status: STATUS }.status(),
            Some(STATUS)
        );
        assert_eq!(TransportFailure::MaybeSent.status(), None);
    }
}
