//! Why no complete response arrived.

use alloc::boxed::Box;
use alloc::sync::Arc;
use core::error::Error;
use core::fmt;

use http::StatusCode;

/// Why a request has no complete response, with the HTTP client's own error as its source.
///
/// The source is shown to people and written to logs: it must not quote the request's body or its
/// `Authorization` header.
///
/// ```
/// use std::error::Error;
/// use std::io;
/// use edx_auth_core::{TransportError, TransportFailure};
///
/// let cause = io::Error::from(io::ErrorKind::ConnectionRefused);
/// let error = TransportError::from(TransportFailure::NotSent).with_cause(cause);
/// assert_eq!(error.to_string(), "the server could not be reached");
/// assert_eq!(error.source().unwrap().to_string(), "connection refused");
/// ```
#[derive(Clone, Debug)]
pub struct TransportError {
    failure: TransportFailure,
    cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl TransportError {
    /// Adds the HTTP client's own error.
    #[must_use]
    pub fn with_cause(self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self {
            cause: Some(cause.into().into()),
            ..self
        }
    }

    /// Returns what failed.
    #[must_use]
    pub fn failure(&self) -> TransportFailure {
        self.failure
    }

    /// Reports whether the same API call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        use TransportFailure::{HeadTooLarge, TooLarge};
        self.failure.is_retryable() && !matches!(self.failure, TooLarge { .. } | HeadTooLarge)
    }

    /// Returns what to do next, in a sentence or two about an API call.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self.failure {
            TransportFailure::TooLarge { .. } => "Request smaller pages with page_size or limit.",
            TransportFailure::Redirected => {
                "Configure the HTTP client to follow no redirects. Another server may have received \
                 the token, and can use it until it expires."
            }
            failure => failure.advice(),
        }
    }

    /// Returns what failed, and the HTTP client's own error.
    #[must_use]
    pub fn into_parts(self) -> (TransportFailure, Option<Arc<dyn Error + Send + Sync>>) {
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

/// Why no complete response arrived, as far as the HTTP client can tell.
///
/// Each `Display` text completes a sentence that begins with the server or its URL.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportFailure {
    /// The request was certainly not sent: the name lookup, the connection or TLS failed.
    #[error("could not be reached")]
    NotSent,

    /// The request was certainly not sent: the TLS certificate verification failed. Token requests
    /// are retried with the backoff of a permanent error
    /// ([`RenewalPolicyBuilder::permanent_backoff`]), so they succeed again once the certificate is
    /// fixed.
    ///
    /// [`RenewalPolicyBuilder::permanent_backoff`]: crate::RenewalPolicyBuilder::permanent_backoff
    #[error("presented an untrusted certificate")]
    NotTrusted,

    /// The request was certainly not sent: the system has no CA certificates, so no server can be trusted.
    /// Token requests are retried like those to a server with an untrusted certificate.
    #[error("could not be verified: the system has no CA certificates")]
    NoRoots,

    /// The request was certainly not sent: the proxy did not connect to the server
    /// ([RFC 9110 section 9.3.6](https://www.rfc-editor.org/rfc/rfc9110#section-9.3.6)).
    #[error("could not be reached: the proxy rejected the connection{}", of_status(*status))]
    ProxyRejected {
        /// The status of the proxy's response, if the HTTP client tells it.
        status: Option<StatusCode>,
    },

    /// The connection broke after the request may have been sent. Another token request is harmless
    /// but counts against the rate limit.
    #[error("closed the connection before the response was complete")]
    MaybeSent,

    /// No complete response arrived within the deadline.
    #[error("did not respond in time")]
    TimedOut,

    /// The body is larger than [`TransportRules::body_limit`](crate::TransportRules::body_limit).
    /// The status of the response still counts: a site in debug mode responds to a wrong URL with a long
    /// page.
    #[error("sent a response that is too large")]
    TooLarge {
        /// The status of the response.
        status: StatusCode,
    },

    /// The response has more headers than [`TransportRules::HEADER_LIMIT`], or they are larger than
    /// [`TransportRules::HEAD_LIMIT`].
    ///
    /// [`TransportRules::HEADER_LIMIT`]: crate::TransportRules::HEADER_LIMIT
    /// [`TransportRules::HEAD_LIMIT`]: crate::TransportRules::HEAD_LIMIT
    #[error("sent a response with too many or too large headers")]
    HeadTooLarge,

    /// The HTTP client followed a redirect although the rules forbid it: the secret may have been
    /// sent to another server.
    #[error("returned a redirect, and the HTTP client followed it")]
    Redirected,
}

impl TransportFailure {
    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::NotSent => NOT_SENT,
            Self::NotTrusted => UNTRUSTED,
            Self::NoRoots => NO_ROOTS,
            Self::ProxyRejected {
                status: Some(StatusCode::PROXY_AUTHENTICATION_REQUIRED),
            } => PROXY_LOGIN,
            Self::ProxyRejected { .. } => PROXY_REJECTED,
            Self::MaybeSent => MAYBE_SENT,
            Self::TimedOut => TIMED_OUT,
            Self::TooLarge { .. } => TOO_LARGE,
            Self::HeadTooLarge => HEAD_TOO_LARGE,
            Self::Redirected => REDIRECTED,
        }
    }

    /// Reports whether the same token request may succeed later.
    pub(super) fn is_retryable(self) -> bool {
        let needs_password = Self::ProxyRejected {
            status: Some(StatusCode::PROXY_AUTHENTICATION_REQUIRED),
        };
        self != needs_password
            && !matches!(self, Self::NotTrusted | Self::NoRoots | Self::Redirected)
    }

    /// Returns the status of the response, if that arrived.
    pub(crate) fn status(self) -> Option<StatusCode> {
        match self {
            Self::TooLarge { status } => Some(status),
            _ => None,
        }
    }
}

fn of_status(status: Option<StatusCode>) -> impl fmt::Display {
    struct OfStatus(Option<StatusCode>);
    impl fmt::Display for OfStatus {
        fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            match self.0 {
                Some(status) => write!(f, " (status {})", status.as_u16()),
                None => Ok(()),
            }
        }
    }
    OfStatus(status)
}

const NOT_SENT: &str = "\
    Check the host name, the port, the network, and whether the server speaks https or http. \
    Behind a company proxy, check its address and login (HTTPS_PROXY).";

const UNTRUSTED: &str = "\
    Check the host name and this machine's clock, or contact the site's operator. Behind a company \
    proxy, add its certificate to the system's or pass a client that trusts it.";

const NO_ROOTS: &str = "\
    Install the package ca-certificates, or set SSL_CERT_FILE to a file of CA certificates in PEM.";

const PROXY_LOGIN: &str = "\
    Add the proxy's user name and password, percent-encoded, to its URL: \
    HTTPS_PROXY=http://user:password@host:port.";

const PROXY_REJECTED: &str = "\
    Check that the proxy (HTTPS_PROXY) allows this host and port, or exempt the host with \
    NO_PROXY.";

const MAYBE_SENT: &str = "\
    Try again. If it persists, look for a proxy or a firewall that cuts the connection, and check \
    whether the server speaks https or http.";

const TIMED_OUT: &str = "\
    Try again: a site that was just restarted is slow at first. If it persists, raise the deadline \
    of the token request or the timeout of the API call.";

const TOO_LARGE: &str = "\
    Check that the URL is the token endpoint's: its response has a few thousand bytes.";

const HEAD_TOO_LARGE: &str = "\
    Contact the site's operator: a response may have at most 100 headers and 64 KiB of them.";

const REDIRECTED: &str = "\
    Regenerate the client ID and secret, which may have been sent to another server, and configure \
    the HTTP client to follow no redirects.";

#[cfg(test)]
mod tests {
    use super::*;

    const STATUS: StatusCode = StatusCode::NOT_FOUND;

    const NEEDS_PASSWORD: TransportFailure = TransportFailure::ProxyRejected {
        status: Some(StatusCode::PROXY_AUTHENTICATION_REQUIRED),
    };

    #[test]
    fn every_failure_says_what_to_do_and_whether_waiting_helps() {
        for (failure, is_retryable, advice) in [
            (TransportFailure::NotSent, true, "Check the host name"),
            (TransportFailure::NotTrusted, false, "certificate"),
            (TransportFailure::NoRoots, false, "ca-certificates"),
            (TransportFailure::MaybeSent, true, "cuts the connection"),
            (TransportFailure::TimedOut, true, "just restarted"),
            (
                TransportFailure::TooLarge { status: STATUS },
                true,
                "a few thousand bytes",
            ),
            (TransportFailure::HeadTooLarge, true, "100 headers"),
            (
                TransportFailure::ProxyRejected { status: None },
                true,
                "allows this host",
            ),
            (NEEDS_PASSWORD, false, "user:password@"),
            (
                TransportFailure::Redirected,
                false,
                "Regenerate the client ID and secret",
            ),
        ] {
            assert_eq!(failure.is_retryable(), is_retryable, "{failure}");
            assert!(failure.advice().contains(advice), "{failure}");
        }
    }

    #[test]
    fn an_api_call_has_other_advice_than_a_token_request() {
        for (failure, is_retryable, advice) in [
            (TransportFailure::NotSent, true, "Check the host name"),
            (TransportFailure::NotTrusted, false, "certificate"),
            (
                TransportFailure::TooLarge { status: STATUS },
                false,
                "smaller pages",
            ),
            (TransportFailure::HeadTooLarge, false, "100 headers"),
            (TransportFailure::Redirected, false, "until it expires"),
        ] {
            let error = TransportError::from(failure);
            assert_eq!(error.is_retryable(), is_retryable, "{failure}");
            assert!(error.advice().contains(advice), "{failure}");
        }
    }

    #[test]
    fn a_proxy_that_rejected_the_connection_shows_its_status_if_it_is_known() {
        use alloc::string::ToString as _;
        let unknown = TransportFailure::ProxyRejected { status: None };

        assert_eq!(
            NEEDS_PASSWORD.to_string(),
            "could not be reached: the proxy rejected the connection (status 407)",
        );
        assert_eq!(
            unknown.to_string(),
            "could not be reached: the proxy rejected the connection",
        );
    }

    #[test]
    fn a_response_that_was_too_large_keeps_its_status() {
        assert_eq!(
            TransportFailure::TooLarge { status: STATUS }.status(),
            Some(STATUS)
        );
        assert_eq!(TransportFailure::MaybeSent.status(), None);
    }
}
