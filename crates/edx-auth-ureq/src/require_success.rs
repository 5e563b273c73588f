//! A response that has to be a success.

use http::Response;
use ureq::Body;

use crate::Error;

/// Makes an [`Error`] of each response of ureq that is not a success.
///
/// ```no_run
/// use edx_auth_ureq::{AuthorizedClient, Error, RequireSuccess, Verdict};
///
/// let edx = AuthorizedClient::from_env()?;
/// let course = "https://discovery.edx.org/api/v1/courses/edX+DemoX/";
/// match edx.get(course).send()?.require_success() {
///     Ok(response) => println!("{}", response.status()),
///     Err(Error::Status { verdict: Verdict::NotFound, .. }) => println!("there is no such course"),
///     Err(error) => eprintln!("{}", error.report()),
/// }
/// # Ok::<(), edx_auth_ureq::Error>(())
/// ```
pub trait RequireSuccess: Sized {
    /// Returns the response if it is a success, or `304 Not Modified`.
    ///
    /// # Errors
    /// Returns [`Error::Status`] for any other, such as a redirect that was not followed. Its
    /// [`advice`](Error::advice), [`is_retryable`](Error::is_retryable) and
    /// [`retry_after`](Error::retry_after) are those of the [`Verdict`](crate::Verdict); its
    /// [`Problem`](crate::Problem) is what the API says. The body is dropped.
    ///
    /// The response of another client of ureq is classified by its status and headers alone: the error
    /// names no URL, and its problem has nothing but the status.
    #[doc(alias = "error_for_status")]
    fn require_success(self) -> Result<Self, Error>;
}

impl RequireSuccess for Response<Body> {
    fn require_success(self) -> Result<Self, Error> {
        Error::check_status(self.status(), self.headers(), self.extensions())?;
        Ok(self)
    }
}
