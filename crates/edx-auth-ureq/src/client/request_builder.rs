//! A request under construction.

use std::io::Read;

use edx_auth_driver::RequestDraft;
use http::{Method, Response};
use ureq::Body;

use super::AuthorizedClient;
use crate::Error;

/// A request under construction, sent by ureq. A mistake in it is returned by [`send`](Self::send).
///
/// ```no_run
/// use edx_auth_ureq::AuthorizedClient;
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Enrollment {
///     user: &'static str,
/// }
///
/// let lms = AuthorizedClient::from_env()?;
/// let response = lms
///     .post("https://courses.example.org/api/enrollment/v1/enrollment")
///     .header("X-Request-ID", "42")
///     .json(&Enrollment { user: "ada" })
///     .send()?;
/// println!("{}", response.status());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "send() sends it"]
pub struct RequestBuilder<'a> {
    client: &'a AuthorizedClient,
    draft: RequestDraft<Vec<u8>, Box<dyn Read + Send + 'a>>,
}

impl<'a> RequestBuilder<'a> {
    pub(super) fn new(client: &'a AuthorizedClient, method: Method, url: &str) -> Self {
        let draft = RequestDraft::new(method, url);
        Self { client, draft }
    }

    /// Sends a body that can be read only once: a file, a stream. Such a call is not replayed if the
    /// token is rejected, and the response is the 401. ureq reads a response only after the body is sent.
    pub fn body_once(self, body: impl Read + Send + 'a) -> Self {
        let draft = self.draft.body_once(Box::new(body));
        Self { draft, ..self }
    }

    /// Sends the request and returns the response, of any status.
    ///
    /// # Errors
    /// Returns an error if there is no token, the token must not be sent to this URL, or ureq gets no
    /// response.
    ///
    /// # Panics
    /// Panics if the process has no thread left and the program supplied the agent: ureq looks up host names
    /// on a separate one. Over an agent of this crate, that is an error.
    pub fn send(self) -> Result<Response<Body>, Error> {
        let origins = self.client.source.origins().clone();
        let (call, payload) = self.draft.into_call(origins, self.client.settings)?;
        self.client.run(call, payload)
    }
}

edx_auth_driver::request_builder_methods!(
    RequestBuilder<'_>,
    "A multipart form is encoded elsewhere, and sent by [`body`](Self::body) with its `Content-Type`."
);
