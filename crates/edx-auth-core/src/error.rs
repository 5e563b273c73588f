//! Why there is no token: one opaque error that knows who is at fault, whether asking again can
//! help, and what a person can do about it.

mod code;
mod kind;
mod server_text;
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
pub use transport::{TransportError, TransportFailure};

/// A token exchange that brought no token.
///
/// Cheap to clone, so that everybody who waited for one exchange can have its error.
/// It holds no body, no credential and no token; words of the server are cut to 256 characters,
/// their control characters escaped, and dropped whole where they echo a secret.
///
/// ```
/// # fn refusal() -> edx_auth_core::ExchangeError {
/// #     use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
/// #     let credentials = ClientCredentials::new("id", "secret").unwrap();
/// #     let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();
/// #     let reply = http::Response::builder().status(401);
/// #     exchange.finish(reply.body(&br#"{"error": "invalid_client"}"#[..]).unwrap()).unwrap_err()
/// # }
/// use edx_auth_core::{ErrorCode, ErrorKind};
///
/// let error = refusal();
/// assert_eq!(error.kind(), ErrorKind::Denied);
/// assert_eq!(error.oauth_code(), Some(&ErrorCode::InvalidClient));
/// assert!(!error.is_retryable());
/// println!("{error}\n{}", error.advice());
/// ```
#[derive(Clone)]
pub struct ExchangeError(Arc<Report>);

/// What there is to say of a failed exchange. Built by the exchange, read through the error.
#[derive(Clone)]
pub(crate) struct Report {
    pub(crate) endpoint: Uri,
    pub(crate) kind: ErrorKind,
    pub(crate) advice: &'static str,
    pub(crate) status: Option<StatusCode>,
    pub(crate) code: Option<ErrorCode>,
    pub(crate) text: Option<ServerText>,
    /// The wait that the server named, where waiting helps.
    pub(crate) asked_wait: Option<Duration>,
    pub(crate) cause: Option<Arc<dyn Error + Send + Sync>>,
}

impl ExchangeError {
    /// What went wrong, and so who is at fault.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Whether the very same request may succeed later. Wait at least
    /// [`retry_after`](Self::retry_after) where that is known.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.0.kind.is_retryable()
    }

    /// How long the server asks to be left alone, at most an hour.
    ///
    /// Open edX counts token requests by IP address over a minute and says nothing of the wait, so
    /// a throttled exchange without a `Retry-After` names that minute.
    #[doc(alias = "backoff")]
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        let minute = (self.0.kind == ErrorKind::Throttled).then_some(RATE_LIMIT_WINDOW);
        self.0.asked_wait.or(minute)
    }

    /// The wait that the server itself named.
    pub(crate) fn asked_wait(&self) -> Option<Duration> {
        self.0.asked_wait
    }

    /// The status of the reply; `None` where none arrived.
    #[must_use]
    pub fn status(&self) -> Option<StatusCode> {
        self.0.status
    }

    /// The `error` of an OAuth error object ([RFC 6749 section 5.2][rfc]), if the reply was one.
    ///
    /// [rfc]: https://www.rfc-editor.org/rfc/rfc6749#section-5.2
    #[must_use]
    pub fn oauth_code(&self) -> Option<&ErrorCode> {
        self.0.code.as_ref()
    }

    /// One sentence on what to do next, for a person who sees this for the first time.
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

impl fmt::Display for ExchangeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = &*self.0;
        write!(f, "{} {}", report.endpoint, report.kind)?;
        if let Some(code) = &report.code {
            write!(f, ": {code}")?;
        }
        if let Some(text) = &report.text {
            write!(f, ": \"{text}\"")?;
        }
        if let Some(status) = report.status {
            write!(f, " (status {})", status.as_u16())?;
        }
        Ok(())
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

/// Open edX counts token requests over a minute (`RATELIMIT_RATE`), and its page of refusal does
/// not say so.
const RATE_LIMIT_WINDOW: Duration = Duration::from_secs(60);
