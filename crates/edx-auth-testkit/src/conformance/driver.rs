//! The driver under test, and its setup.

use std::error::Error;
use std::time::Duration;

use edx_auth_core::{LiveToken, Origins, RenewalPolicy, StoredToken, TokenError, TokenRequest};
use http::{Request, Response};

use super::Item;

/// A driver under test. All methods block: an async driver blocks on its own runtime.
///
/// The kit calls the methods from many threads at the same time, as a program would.
pub trait Driver: Send + Sync + Sized + 'static {
    /// Starts a driver with this setup. It has no token but the one [stored](Setup::stored).
    fn start(setup: Setup) -> Self;

    /// Returns a token. Waits at most `timeout`.
    ///
    /// # Errors
    /// Returns the error of [`Acquire::Failed`](edx_auth_core::Acquire::Failed) if no token comes in
    /// time.
    fn token(&self, timeout: Duration) -> Result<LiveToken, TokenError>;

    /// Makes an API call and returns the whole response of any status. The driver attaches the
    /// token and follows the core's [`ApiCall`](edx_auth_core::ApiCall) for redirects, a replay and
    /// broken connections. The URI is absolute.
    ///
    /// # Errors
    /// Returns an error if the response is incomplete, there is no token, or the URL is outside the
    /// origins.
    fn call(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>>;

    /// Returns the items that do not apply to the driver's HTTP stack, each with the reason. They
    /// are not run.
    ///
    /// ```
    /// use edx_auth_testkit::conformance::Item;
    ///
    /// fn not_applicable() -> &'static [(Item, &'static str)] {
    ///     &[(Item::CompressionBomb, "the runtime decodes what it receives, without a limit")]
    /// }
    /// # not_applicable();
    /// ```
    #[must_use]
    fn not_applicable() -> &'static [(Item, &'static str)] {
        &[]
    }
}

/// The setup of a driver.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Setup {
    /// The token request. Its [rules](TokenRequest::rules) contain its deadline.
    pub request: TokenRequest,
    /// A token from before the start, to [restore](edx_auth_core::TokenAgent::restore).
    pub stored: Option<StoredToken>,
    /// The policy for renewals and backoff.
    pub policy: RenewalPolicy,
    /// The origins that may receive the token.
    pub origins: Origins,
    /// The timeout of one API call, from the wait for its token to the last byte of its response.
    /// Redirects and a replay are included.
    pub timeout: Duration,
}
