//! A request under construction.

use std::fmt;
use std::io::Read;
use std::time::Duration;

use edx_auth_driver::RequestDraft;
use http::{HeaderName, HeaderValue, Method, Response};
use serde::Serialize;
use ureq::Body;

use super::AuthorizedClient;
use super::call::Payload;
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
    draft: RequestDraft,
    body: Content<'a>,
}

enum Content<'a> {
    Bytes(Vec<u8>),
    Once(Box<dyn Read + Send + 'a>),
}

impl<'a> RequestBuilder<'a> {
    pub(super) fn new(client: &'a AuthorizedClient, method: Method, url: &str) -> Self {
        Self {
            client,
            draft: RequestDraft::new(method, url),
            body: Content::Bytes(Vec::new()),
        }
    }

    /// Adds a header. A `Host` selects a site behind the origin, and ureq sends the token to it.
    pub fn header<N, V>(self, name: N, value: V) -> Self
    where
        HeaderName: TryFrom<N, Error: Into<http::Error>>,
        HeaderValue: TryFrom<V, Error: Into<http::Error>>,
    {
        Self {
            draft: self.draft.header(name, value),
            ..self
        }
    }

    /// Sends these bytes. They are kept in memory, so that the call can be replayed.
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        let body = Content::Bytes(body.into());
        Self { body, ..self }
    }

    /// Adds parameters to those that the URL has already: tuples, a map, or a struct.
    pub fn query(self, query: &(impl Serialize + ?Sized)) -> Self {
        Self {
            draft: self.draft.query(query),
            ..self
        }
    }

    /// Sends a body that can be read only once: a file, a stream. Such a call is not replayed if the
    /// token is rejected, and the response is the 401. ureq reads it only after the body is sent.
    pub fn body_once(self, body: impl Read + Send + 'a) -> Self {
        let body = Content::Once(Box::new(body));
        Self { body, ..self }
    }

    /// Sends this value as JSON.
    pub fn json(mut self, value: &(impl Serialize + ?Sized)) -> Self {
        self.body = Content::Bytes(self.draft.json(value));
        self
    }

    /// Sends the request and returns the response, of any status.
    ///
    /// # Errors
    /// Returns an error if there is no token, the token must not be sent to this URL, or ureq gets no
    /// response.
    ///
    /// # Panics
    /// Panics if the process has no thread left: ureq looks names up on one.
    pub fn send(self) -> Result<Response<Body>, Error> {
        let mut body = self.body;
        let payload = match &mut body {
            Content::Bytes(bytes) => Payload::Bytes(bytes),
            Content::Once(reader) => Payload::Once(&mut **reader),
        };
        let origins = self.client.source.origins().clone();
        let timeout = self.client.timeout;
        let call = self.draft.into_call(payload.kind(), origins, timeout)?;
        self.client.run(call, payload)
    }

    /// Sets how long the whole call may take, instead of the client's
    /// [timeout](super::AuthorizedClientBuilder::timeout).
    pub fn timeout(self, timeout: Duration) -> Self {
        Self {
            draft: self.draft.timeout(timeout),
            ..self
        }
    }
}

/// Without its body, which a program may want to keep secret.
impl fmt::Debug for RequestBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBuilder")
            .field("draft", &self.draft)
            .finish_non_exhaustive()
    }
}
