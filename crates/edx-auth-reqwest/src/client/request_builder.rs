//! A request under construction.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use edx_auth_driver::RequestDraft;
use http::{HeaderName, HeaderValue, Method};
use reqwest::{Body, Response};
use serde::Serialize;

use super::AuthorizedClient;
use super::call::Payload;
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
    draft: RequestDraft,
    payload: Payload,
}

impl RequestBuilder {
    pub(super) fn new(client: AuthorizedClient, method: Method, url: &str) -> Self {
        Self {
            client,
            draft: RequestDraft::new(method, url),
            payload: Payload::Bytes(Bytes::new()),
        }
    }

    /// Sends these bytes. They are kept in memory, so that the call can be replayed.
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        let payload = Payload::Bytes(Bytes::from(body.into()));
        Self { payload, ..self }
    }

    /// Adds a header. A `Host` selects a site behind the origin, and reqwest sends the token to it.
    pub fn header<N, V>(self, name: N, value: V) -> Self
    where
        HeaderName: TryFrom<N, Error: Into<http::Error>>,
        HeaderValue: TryFrom<V, Error: Into<http::Error>>,
    {
        let draft = self.draft.header(name, value);
        Self { draft, ..self }
    }

    /// Sends this value as JSON.
    pub fn json(mut self, value: &(impl Serialize + ?Sized)) -> Self {
        self.payload = Payload::Bytes(self.draft.json(value).into());
        self
    }

    /// Adds parameters to those that the URL has already: tuples, a map, or a struct.
    pub fn query(self, query: &(impl Serialize + ?Sized)) -> Self {
        let draft = self.draft.query(query);
        Self { draft, ..self }
    }

    /// Sends a body that can be read only once: a file, a stream. Such a call is not replayed if the
    /// token is rejected, and the response is the 401.
    pub fn body_once(self, body: impl Into<Body>) -> Self {
        let payload = Payload::Once(body.into());
        Self { payload, ..self }
    }

    /// Sets how long the whole call may take, instead of the client's
    /// [timeout](super::AuthorizedClientBuilder::timeout).
    pub fn timeout(self, timeout: Duration) -> Self {
        let draft = self.draft.timeout(timeout);
        Self { draft, ..self }
    }

    /// Sends the request and returns the response, of any status.
    ///
    /// # Errors
    /// Returns an error if there is no token, the token must not be sent to this URL, or reqwest gets
    /// no response.
    pub async fn send(self) -> Result<Response, Error> {
        let (client, payload) = (self.client, self.payload);
        let origins = client.source.origins().clone();
        let call = self
            .draft
            .into_call(payload.kind(), origins, client.timeout)?;
        client.run(call, payload).await
    }
}

/// Without its body, which may hold personal data.
impl fmt::Debug for RequestBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestBuilder({:?})", self.draft)
    }
}
