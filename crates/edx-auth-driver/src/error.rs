//! Everything that can go wrong between a program and an API of edX.

mod input;
mod outlook;
mod report;
mod status;
mod tenancy;

use std::error::Error as StdError;
use std::fmt::Display;
use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{
    ApiUrl, CallError, EnvConfigError, ExchangeError, ItemsPathError, PageError, Problem,
    RenewalError, TokenError, TransportError, TransportFailure, UrlError, Verdict,
};
use http::StatusCode;

pub use input::InputError;
use outlook::Outlook;
use report::Report;
#[cfg(feature = "tracing")]
pub(crate) use report::causes;
pub use tenancy::TenancyError;

/// Why a program did not get what it asked for.
///
/// `Display` is one clause: what failed, and where. [`source`](StdError::source) is its cause, in other
/// words than those: [`report`](Self::report) puts both on one line, and the advice on another.
///
/// The errors of what the program supplies become one by `?`:
///
/// ```
/// use edx_auth_driver::{ClientCredentials, Error};
///
/// fn credentials(secret: &str) -> Result<ClientCredentials, Error> {
///     Ok(ClientCredentials::new("acme-api", secret)?)
/// }
///
/// let error = credentials("").unwrap_err();
/// assert_eq!(error.to_string(), "the client secret is empty");
/// assert!(error.advice().starts_with("Copy it from the page that showed it"));
/// ```
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A variable of the environment is missing or invalid.
    #[error(transparent)]
    EnvConfig(#[from] EnvConfigError),

    /// A value that the program supplies is of no use.
    #[error(transparent)]
    Input(InputError),

    /// The token must not be sent to this URL.
    #[error(transparent)]
    Url(#[from] UrlError),

    /// A single token request brought no token.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),

    /// There is no token, or none yet. Callers that waited together get the same error.
    #[error(transparent)]
    Token(#[from] TokenError),

    /// A limit of a program for many tenants allows nothing, or is reached.
    #[error(transparent)]
    Tenancy(#[from] TenancyError),

    /// The HTTP client cannot be set up.
    #[error("could not set up the HTTP client")]
    Setup(#[source] Arc<dyn StdError + Send + Sync>),

    /// An API call has no complete response.
    #[error("{} {failure}", url.without_query())]
    #[non_exhaustive]
    Transport {
        /// What was called. The messages omit its query, which may hold personal data.
        url: ApiUrl,
        /// What went wrong.
        failure: TransportFailure,
        /// The HTTP client's own error.
        source: Option<Arc<dyn StdError + Send + Sync>>,
    },

    /// An API responded, but not with a success, and the program requires one.
    #[error("{} responded with status {}", status::server(url.as_deref()), status.as_u16())]
    #[non_exhaustive]
    Status {
        /// What was called, after redirects and without its query; `None` if another HTTP client did.
        url: Option<Box<ApiUrl>>,
        /// The status.
        status: StatusCode,
        /// What the response means.
        verdict: Verdict,
        /// What the API says about it.
        problem: Box<Problem>,
        /// Why there was no newer token after the API had rejected one.
        source: Option<Box<TokenError>>,
    },

    /// The program describes a request that cannot be sent.
    #[error("could not build the request")]
    Request(#[source] Arc<dyn StdError + Send + Sync>),

    /// The place of the items in a page is not a path.
    #[error(transparent)]
    ItemsPath(#[from] ItemsPathError),

    /// A response is not the page of a list that it should be.
    #[error(transparent)]
    Page(#[from] PageError),

    /// A paginated list ended early. Every item before this page was returned, and no item of this page: a
    /// list started at this page goes on without a gap.
    #[error("the list ended early, at {page}")]
    #[non_exhaustive]
    Pagination {
        /// The page to go on from.
        page: ApiUrl,
        /// Why it failed.
        #[source]
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
        let (failure, source) = error.into().into_parts();
        Self::Transport {
            url: url.clone(),
            failure,
            source,
        }
    }

    /// Wraps this error in [`Error::Pagination`]: the list ended early, at this page.
    #[must_use]
    pub fn at_page(self, page: ApiUrl) -> Self {
        Self::Pagination {
            page,
            cause: Box::new(self),
        }
    }

    /// Returns two lines for a terminal: the error with its causes, and the advice.
    ///
    /// ```
    /// # fn sync() -> Result<(), edx_auth_driver::Error> {
    /// #     use edx_auth_driver::{Error, TransportFailure, TransportError, ExchangeError};
    /// #     use edx_auth_core::{ClientCredentials, TokenEndpoint, TokenRequest};
    /// #     let rejected = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
    /// #     let error = TransportError::from(TransportFailure::NotSent).with_cause(rejected);
    /// #     let endpoint = TokenEndpoint::open_edx("https://courses.example.org").unwrap();
    /// #     let credentials = ClientCredentials::new("id", "secret").unwrap();
    /// #     Err(TokenRequest::new(endpoint, credentials).begin().1.fail(error).into())
    /// # }
    /// let error = sync().unwrap_err();
    /// let report = error.report().to_string();
    ///
    /// let (what, advice) = report.split_once('\n').unwrap();
    /// assert_eq!(
    ///     what,
    ///     "the token endpoint https://courses.example.org/oauth2/access_token could not be reached: \
    ///      connection refused",
    /// );
    /// assert_eq!(advice, error.advice());
    /// ```
    #[must_use]
    pub fn report(&self) -> impl Display {
        Report(self)
    }

    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        Outlook::of(self).advice
    }

    /// Reports whether the same call may succeed later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        Outlook::of(self).is_retryable
    }

    /// Returns how long to wait before the next call, where that is known. If the error is not
    /// [retryable](Self::is_retryable), something has to be fixed in the meantime.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        Outlook::of(self).retry_after
    }
}

impl From<RenewalError> for Error {
    fn from(error: RenewalError) -> Self {
        Self::Token(error.into())
    }
}

impl From<CallError> for Error {
    fn from(error: CallError) -> Self {
        match error {
            CallError::Token(error) => Self::Token(error),
            CallError::Transport { url, error, .. } => Self::transport(&url, error),
            error => Self::request(error),
        }
    }
}
