//! The error of a token exchange: what failed, whether a retry can help, and what to do about it.

mod code;
mod kind;
mod server_text;
mod symptom;
mod transport;

use alloc::sync::Arc;
use core::error::Error;
use core::fmt;
use core::time::Duration;

use http::{StatusCode, Uri};

pub use code::ErrorCode;
pub use kind::{Defect, ErrorKind};
pub(crate) use server_text::Secrets;
pub use server_text::ServerText;
pub(crate) use symptom::Symptom;
pub use transport::{TransportError, TransportFailure};

/// Why a token exchange returned no token.
///
/// Cheap to clone: all callers that wait for one exchange get the same error. It contains no body,
/// no credentials and no token. Text from the server is cut to 256 characters, its control
/// characters are escaped, and it is redacted as a whole if it contains a secret.
///
/// ```
/// # fn denied() -> edx_auth_core::ExchangeError {
/// #     use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
/// #     let credentials = ClientCredentials::new("id", "secret").unwrap();
/// #     let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();
/// #     let response = http::Response::builder().status(401);
/// #     let body = &br#"{"error": "invalid_client"}"#[..];
/// #     exchange.finish(response.body(body).unwrap()).unwrap_err()
/// # }
/// use edx_auth_core::{ErrorCode, ErrorKind};
///
/// let error = denied();
/// assert_eq!(error.kind(), ErrorKind::Denied);
/// assert_eq!(error.oauth_code(), Some(&ErrorCode::InvalidClient));
/// assert!(!error.is_retryable());
/// assert_eq!(
///     error.to_string(),
///     "the token endpoint https://api.edx.org/oauth2/v1/access_token rejected the client \
///      credentials (invalid_client, status 401)",
/// );
/// println!("{error}\n{}", error.advice());
/// ```
#[derive(Clone)]
pub struct ExchangeError(Arc<Report>);

/// Everything known about a failed exchange.
#[derive(Clone)]
pub(crate) struct Report {
    pub(crate) endpoint: Uri,
    pub(crate) kind: ErrorKind,
    pub(crate) advice: &'static str,
    pub(crate) status: Option<StatusCode>,
    pub(crate) code: Option<ErrorCode>,
    pub(crate) text: Option<ServerText>,
    /// How long the server asked to wait, if waiting helps.
    pub(crate) asked_wait: Option<Duration>,
    pub(crate) cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl ExchangeError {
    /// Returns what went wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Reports whether the same request may succeed later. Wait at least
    /// [`retry_after`](Self::retry_after) if it is known.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.kind.is_retryable()
    }

    /// Returns how long to wait before the next request, at most an hour.
    ///
    /// Open edX counts token requests by IP address over a minute and sends no `Retry-After`, so a
    /// throttled exchange without that header returns a minute.
    #[doc(alias = "backoff")]
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let minute = (self.0.kind == ErrorKind::Throttled).then_some(RATE_LIMIT_WINDOW);
        self.0.asked_wait.or(minute)
    }

    /// Returns the wait that the server itself named.
    pub(crate) fn asked_wait(&self) -> Option<Duration> {
        self.0.asked_wait
    }

    /// Returns the status of the response; `None` if none arrived.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// Returns the `error` of an OAuth error object ([RFC 6749 section 5.2][rfc]), if the response
    /// is one.
    ///
    /// [rfc]: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
    #[must_use]
    pub fn oauth_code(&self) -> Option<&ErrorCode> {
        self.0.code.as_ref()
    }

    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        self.0.advice
    }
}

impl From<Report> for ExchangeError {
    fn from(report: Report) -> Self {
        Self(Arc::new(report))
    }
}

impl Report {
    /// Writes what went wrong, as the end of a sentence that begins with the endpoint.
    fn fmt_failure(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let symptom = Symptom::of(self.kind, self.status, self.code.as_ref());
        f.write_str(match symptom {
            Symptom::ProxyLogin => "could not be reached: a proxy requires a login",
            Symptom::NetworkLogin => "could not be reached: the network requires a login",
            Symptom::UnknownClient => "rejected the client credentials",
            Symptom::TooLarge => "rejected the token request as too large",
            Symptom::Forbidden => "rejected the token request",
            Symptom::PageInsteadOfToken => "sent a web page instead of a token",
            Symptom::OtherProtocol | Symptom::Of(_) => return fmt::Display::fmt(&self.kind, f),
        })
    }
}

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = &*self.0;
        write!(f, "the token endpoint {} ", report.endpoint)?;
        report.fmt_failure(f)?;
        match (report.kind, &report.code, &report.text) {
            (ErrorKind::Redirected, None, Some(origin)) => write!(f, " to {origin}")?,
            (_, _, Some(text)) => write!(f, ": \"{text}\"")?,
            (_, _, None) => {}
        }
        match (&report.code, report.status.map(|status| status.as_u16())) {
            (Some(code), Some(status)) => write!(f, " ({code}, status {status})"),
            (Some(code), None) => write!(f, " ({code})"),
            (None, Some(status)) => write!(f, " (status {status})"),
            (None, None) => Ok(()),
        }
    }
}

impl fmt::Debug for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = &*self.0;
        f.debug_struct("ExchangeError")
            .field("endpoint", &report.endpoint)
            .field("kind", &report.kind)
            .field("status", &report.status)
            .field("code", &report.code)
            .field("text", &report.text)
            .field("retry_after", &self.retry_after())
            .field("cause", &report.cause)
            .finish_non_exhaustive()
    }
}

impl Error for ExchangeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.cause.as_deref().map(|cause| cause as _)
    }
}

/// The time over which Open edX counts token requests (`RATELIMIT_RATE`). Its response does not name it.
pub(crate) const RATE_LIMIT_WINDOW: Duration = Duration::from_secs(60);
