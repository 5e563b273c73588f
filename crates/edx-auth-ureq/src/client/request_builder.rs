//! A request under construction.

use std::fmt;
use std::io::Read;
use std::time::Duration;

use edx_auth_driver::RequestDraft;
use http::{HeaderName, HeaderValue, Method, Response};
use serde::Serialize;
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

    /// Adds parameters to those that the URL has already: names with values, a map, or a struct.
    pub fn query(self, query: &(impl Serialize + ?Sized)) -> Self {
        let draft = self.draft.query(query);
        Self { draft, ..self }
    }

    /// Adds a header. A `Host` header selects another site behind the origin, and that site gets the token.
    pub fn header<N, V>(self, name: N, value: V) -> Self
    where
        HeaderName: TryFrom<N, Error: Into<http::Error>>,
        HeaderValue: TryFrom<V, Error: Into<http::Error>>,
    {
        let draft = self.draft.header(name, value);
        Self { draft, ..self }
    }

    /// Sends this value as JSON.
    pub fn json(self, value: &(impl Serialize + ?Sized)) -> Self {
        let draft = self.draft.json(value);
        Self { draft, ..self }
    }

    /// Sends these fields as an HTML form: names with values, a map, or a struct. A multipart form is
    /// encoded elsewhere, and sent by [`body`](Self::body) with its `Content-Type`.
    pub fn form(self, fields: &(impl Serialize + ?Sized)) -> Self {
        let draft = self.draft.form(fields);
        Self { draft, ..self }
    }

    /// Sends these bytes. They are kept in memory, so that the call can be replayed.
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        let draft = self.draft.body(body);
        Self { draft, ..self }
    }

    /// Sends a body that can be read only once: a file, a stream. Such a call is not replayed if the
    /// token is rejected, and the response is the 401. ureq reads a response only after the body is sent.
    pub fn body_once(self, body: impl Read + Send + 'a) -> Self {
        let draft = self.draft.body_once(Box::new(body));
        Self { draft, ..self }
    }

    /// Sets how long the whole call may take, instead of the client's
    /// [timeout](super::AuthorizedClientBuilder::timeout).
    pub fn timeout(self, timeout: Duration) -> Self {
        let draft = self.draft.timeout(timeout);
        Self { draft, ..self }
    }

    /// Retries the call for this long if it fails in a way that may pass: without a response or a token,
    /// throttled, or with a server in trouble. A server may have acted on a request that failed: set this
    /// only if sending the request twice is safe. A body that can be read only once is not sent again.
    #[doc(alias = "backoff")]
    pub fn retry_for(self, timeout: Duration) -> Self {
        let draft = self.draft.retry_for(timeout);
        Self { draft, ..self }
    }

    /// Sets how long the call waits for its token, instead of the client's
    /// [setting](super::AuthorizedClientBuilder::token_timeout).
    pub fn token_timeout(self, timeout: Duration) -> Self {
        let draft = self.draft.token_timeout(timeout);
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

/// Leaves out the headers and the body: a program may have put a secret there.
impl fmt::Debug for RequestBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestBuilder").field(&self.draft).finish()
    }
}
