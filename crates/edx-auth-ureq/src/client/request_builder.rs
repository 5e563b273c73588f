//! A request in the making.

use std::fmt;
use std::io::Read;
use std::time::Duration;

use edx_auth_core::ApiCall;
use http::{HeaderName, HeaderValue, Method, Response};
use serde::Serialize;
use ureq::Body;

use super::AuthorizedClient;
use super::call::{Outgoing, Payload};
use super::deadline::Deadline;
use super::draft::Draft;
use crate::Error;

/// A request in the making. What is wrong with it is said when it is sent.
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
/// let reply = lms
///     .post("https://courses.example.org/api/enrollment/v1/enrollment")
///     .header("X-Request-ID", "42")
///     .json(&Enrollment { user: "ada" })
///     .send()?;
/// println!("{}", reply.status());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "send() sends it"]
pub struct RequestBuilder {
    client: AuthorizedClient,
    draft: Result<Draft, Error>,
    body: Content,
}

/// What is to be sent.
enum Content {
    Bytes(Vec<u8>),
    Once(Box<dyn Read + Send>),
}

impl RequestBuilder {
    pub(super) fn new(client: AuthorizedClient, method: Method, url: &str) -> Self {
        Self {
            client,
            draft: Ok(Draft::new(method, url)),
            body: Content::Bytes(Vec::new()),
        }
    }

    /// With one header more. A `Host` of one's own chooses among the sites behind the origin, and
    /// the token goes along.
    pub fn header<N, V>(self, name: N, value: V) -> Self
    where
        HeaderName: TryFrom<N, Error: Into<http::Error>>,
        HeaderValue: TryFrom<V, Error: Into<http::Error>>,
    {
        self.drafted(|draft| draft.header(name, value))
    }

    /// With these parameters behind those that the URL has already: pairs, a map, or a struct.
    pub fn query(self, query: &(impl Serialize + ?Sized)) -> Self {
        self.drafted(|draft| draft.query(&query))
    }

    /// With this value as JSON for its body.
    pub fn json(mut self, value: &(impl Serialize + ?Sized)) -> Self {
        let json = match &mut self.draft {
            Ok(draft) => draft.json(&value),
            Err(_) => return self,
        };
        match json {
            Ok(json) => self.body(json),
            Err(fault) => Self {
                draft: Err(fault),
                ..self
            },
        }
    }

    /// With these bytes for its body. They are kept to be sent again, where the token was refused.
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        let body = Content::Bytes(body.into());
        Self { body, ..self }
    }

    /// With a body that can be sent only once: a file, a stream. Where the token is refused it is
    /// not replayed, and the 401 is the reply; ureq hears of a refusal only once it is sent.
    pub fn body_once(self, body: impl Read + Send + 'static) -> Self {
        let body = Content::Once(Box::new(body));
        Self { body, ..self }
    }

    /// How long the whole call may take, instead of the client's
    /// [timeout](super::AuthorizedClientBuilder::timeout).
    pub fn timeout(self, timeout: Duration) -> Self {
        self.drafted(|draft| {
            draft.timeout = Some(timeout);
            Ok(())
        })
    }

    /// Sends it, and hands back the reply, whatever its status.
    ///
    /// # Errors
    /// Where no reply came: for want of a token, because the token is not for this URL, or because
    /// of the network.
    ///
    /// # Panics
    /// Where the process has no thread left: ureq looks names up on one.
    pub fn send(self) -> Result<Response<Body>, Error> {
        let draft = self.draft?;
        let origins = self.client.source.origins().clone();
        let call = ApiCall::new(draft.method.clone(), &draft.url, origins)?;
        let deadline = Deadline::after(draft.timeout.unwrap_or(self.client.timeout));
        let mut body = self.body;
        let (call, payload) = match &mut body {
            Content::Bytes(bytes) => (call, Payload::of(bytes)),
            Content::Once(reader) => (call.once(), Payload::Once(&mut **reader)),
        };
        let outgoing = Outgoing::new(draft.into_headers(), payload, deadline);
        self.client.carry(call, outgoing)
    }

    fn drafted(mut self, change: impl FnOnce(&mut Draft) -> Result<(), Error>) -> Self {
        if let Ok(draft) = &mut self.draft {
            if let Err(fault) = change(draft) {
                self.draft = Err(fault);
            }
        }
        self
    }
}

impl fmt::Debug for RequestBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestBuilder")
            .field("draft", &self.draft)
            .finish_non_exhaustive()
    }
}
