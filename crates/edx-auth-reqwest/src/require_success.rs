//! A response that has to be a success.

use crate::Error;

edx_auth_driver::require_success! {
    reqwest::Response, "reqwest",
    /// ```no_run
    /// use edx_auth_reqwest::{AuthorizedClient, Error, RequireSuccess, Verdict};
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let edx = AuthorizedClient::from_env()?;
    /// let course = "https://discovery.edx.org/api/v1/courses/edX+DemoX/";
    /// match edx.get(course).send().await?.require_success() {
    ///     Ok(response) => println!("{}", response.status()),
    ///     Err(Error::Status { verdict: Verdict::NotFound, .. }) => println!("there is no such course"),
    ///     Err(error) => eprintln!("{}", error.report()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    example
}
