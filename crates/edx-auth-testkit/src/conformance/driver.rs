//! What is under test, and what it is made from.

use std::error::Error;
use std::time::Duration;

use edx_auth_core::{LiveToken, Origins, RenewalPolicy, TokenError, TokenRequest};
use http::{Request, Response};

use super::Item;

/// A driver under test. Everything blocks: an async driver waits on a runtime of its own.
///
/// Its verbs are called from many threads at once, as a program would.
pub trait Driver: Send + Sync + Sized + 'static {
    /// A driver of this setup, with no token yet.
    fn start(setup: Setup) -> Self;

    /// A token, as a caller of this patience gets it.
    ///
    /// # Errors
    /// Where there is none, for the reason that the core's [`WaitBudget`](edx_auth_core::WaitBudget)
    /// gives.
    fn token(&self, patience: Duration) -> Result<LiveToken, TokenError>;

    /// An API call: the reply of whatever status, whole, after what the core's
    /// [`ApiCall`](edx_auth_core::ApiCall) says about redirects, a replay and broken connections.
    /// The URI is absolute; the driver attaches the token.
    ///
    /// # Errors
    /// Where no whole reply came, there is no token, or the token is not for this URL.
    fn call(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>>;

    /// Items that its stack cannot do, each with the reason: reported as such, and not run.
    ///
    /// ```
    /// use edx_auth_testkit::conformance::Item;
    ///
    /// fn out_of_reach() -> &'static [(Item, &'static str)] {
    ///     &[(Item::CompressionBomb, "the runtime decodes what it receives, without a limit")]
    /// }
    /// # out_of_reach();
    /// ```
    #[must_use]
    fn out_of_reach() -> &'static [(Item, &'static str)] {
        &[]
    }
}

/// What a driver is made from.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Setup {
    /// What is asked, by whom and where, with the deadline of an exchange in its
    /// [rules](TokenRequest::rules).
    pub request: TokenRequest,
    /// When to renew, and how long to pause.
    pub policy: RenewalPolicy,
    /// Where the token may go.
    pub origins: Origins,
    /// How long one API call may take, all in all: with the wait for its token, with redirects and
    /// a replay, and to the last byte of its reply.
    pub timeout: Duration,
}
