//! A request under construction.

use bytes::Bytes;
use edx_auth_driver::RequestDraft;
use http::Method;
use reqwest::{Body, Response};

use super::AuthorizedClient;
use crate::Error;

/// A request under construction, sent by reqwest. A mistake in it is returned by [`send`](Self::send).
///
/// ```no_run
/// use edx_auth_reqwest::AuthorizedClient;
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Enrollment {
///     user: String,
/// }
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let lms = AuthorizedClient::from_env()?;
/// let response = lms
///     .post("https://courses.example.org/api/enrollment/v1/enrollment")
///     .header("X-Request-ID", "42")
///     .json(&Enrollment { user: "ada".to_owned() })
///     .send()
///     .await?;
/// println!("{}", response.status());
/// # Ok(())
/// # }
/// ```
#[must_use = "send() sends it"]
pub struct RequestBuilder {
    client: AuthorizedClient,
    draft: RequestDraft<Bytes, Body>,
}

impl RequestBuilder {
    pub(super) fn new(client: &AuthorizedClient, method: Method, url: &str) -> Self {
        let client = client.clone();
        let draft = RequestDraft::new(method, url);
        Self { client, draft }
    }

    /// Sends a body that can be read only once: a file, a stream. Such a call is not replayed if the
    /// token is rejected, and the response is the 401.
    pub fn body_once(self, body: impl Into<Body>) -> Self {
        let draft = self.draft.body_once(body.into());
        Self { draft, ..self }
    }

    /// Sends the request and returns the response, of any status.
    ///
    /// # Errors
    /// Returns an error if there is no token, the token must not be sent to this URL, or reqwest gets
    /// no response.
    pub async fn send(self) -> Result<Response, Error> {
        let client = self.client;
        let origins = client.source.origins().clone();
        let (call, payload) = self.draft.into_call(origins, client.settings)?;
        client.run(call, payload).await
    }
}

edx_auth_driver::request_builder_methods!(
    RequestBuilder,
    "A multipart form is built by reqwest, and sent by [`execute`](AuthorizedClient::execute)."
);
