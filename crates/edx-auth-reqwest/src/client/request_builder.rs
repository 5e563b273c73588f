//! A request under construction.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use edx_auth_driver::RequestDraft;
use http::{HeaderName, HeaderValue, Method};
use reqwest::{Body, Response};
use serde::Serialize;

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
    pub(super) fn new(client: AuthorizedClient, method: Method, url: &str) -> Self {
        let draft = RequestDraft::new(method, url);
        Self { client, draft }
    }

    /// Adds parameters to those that the URL has already: names with values, a map, or a struct.
    pub fn query(self, query: &(impl Serialize + ?Sized)) -> Self {
        let draft = self.draft.query(query);
        Self { draft, ..self }
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
    pub fn json(self, value: &(impl Serialize + ?Sized)) -> Self {
        let draft = self.draft.json(value);
        Self { draft, ..self }
    }

    /// Sends these fields as an HTML form: names with values, a map, or a struct. A multipart form is
    /// built by reqwest and sent by [`execute`](AuthorizedClient::execute).
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
    /// token is rejected, and the response is the 401.
    pub fn body_once(self, body: impl Into<Body>) -> Self {
        let draft = self.draft.body_once(body.into());
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
    /// Returns an error if there is no token, the token must not be sent to this URL, or reqwest gets
    /// no response.
    pub async fn send(self) -> Result<Response, Error> {
        let client = self.client;
        let origins = client.source.origins().clone();
        let (call, payload) = self.draft.into_call(origins, client.settings)?;
        client.run(call, payload).await
    }
}

/// Without its headers and its body: a program may have put a secret there.
impl fmt::Debug for RequestBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestBuilder").field(&self.draft).finish()
    }
}
