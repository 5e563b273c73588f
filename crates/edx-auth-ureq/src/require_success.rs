//! A response that has to be a success.

use crate::Error;

edx_auth_driver::require_success! {
    http::Response<ureq::Body>, "ureq",
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
    example
}
