//! Your HTTP client, authorized.

mod body;
mod builder;
mod call;
mod deadline;
mod draft;
mod pages;
mod reply;
mod request_builder;
mod successor;

use std::fmt;
use std::time::Duration;

use edx_auth_core::ApiCall;
use http::{Method, Request, Response};
use serde::de::DeserializeOwned;
use ureq::{Agent, Body};

use crate::{Error, TokenSource};
use call::{Outgoing, Payload};
use deadline::Deadline;

pub use builder::AuthorizedClientBuilder;
pub use pages::Pages;
pub use request_builder::RequestBuilder;

/// An HTTP client whose requests carry the token, to the origins that it is for and to no other.
///
/// Requests and replies are ureq's own, and a reply of any status is a reply. On the way there it
///
/// * attaches the token, and renews it before it dies;
/// * replays a call once whose token was refused, with a newer one, where its body can be sent
///   again;
/// * follows redirects inside the [`Origins`](crate::Origins), and hands back any other;
/// * sends a GET or HEAD once more that met a connection which the server had just closed;
/// * asks for JSON in English, unless the request says otherwise: some of edX's APIs answer with
///   XML, and throttled calls in other languages do not say for how long.
///
/// A reply that is no success has a [`Verdict`](crate::Verdict) among its extensions: what it means,
/// how long to wait, and what a person can do. A 401 that found no newer token to be replayed with
/// has the [`TokenError`](crate::TokenError) there too.
///
/// Where another crate has switched on ureq's feature `cookies`, the client keeps those of its
/// origins; where `gzip` or `brotli`, a reply that was packed without being asked to is unpacked.
///
/// ```no_run
/// use edx_auth_ureq::{AuthorizedClient, Verdict};
///
/// let edx = AuthorizedClient::from_env()?;
/// let mut reply = edx.get("https://api.edx.org/catalog/v1/catalogs").query(&[("limit", 5)]).send()?;
/// match reply.extensions().get::<Verdict>() {
///     None => println!("{}", reply.body_mut().read_to_string()?),
///     Some(verdict) => eprintln!("{}: {}", reply.status(), verdict.advice()),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct AuthorizedClient {
    source: TokenSource,
    agent: Agent,
    timeout: Duration,
}

impl AuthorizedClient {
    /// A client with the tokens of this source, with everything else as it comes.
    ///
    /// # Errors
    /// Where the HTTP stack cannot do what the source's origins need: see [`Error::Setup`].
    pub fn new(source: TokenSource) -> Result<Self, Error> {
        Self::builder(source).build()
    }

    /// A client with the tokens of this source, with a say in everything else.
    pub fn builder(source: TokenSource) -> AuthorizedClientBuilder {
        AuthorizedClientBuilder::new(source)
    }

    /// A client for what the `EDX_*` variables ask for: see [`from_env`](crate::from_env).
    ///
    /// # Errors
    /// Where they ask for nothing that can be done.
    pub fn from_env() -> Result<Self, Error> {
        Self::new(TokenSource::from_env()?)
    }

    /// A client for the pair that an Open edX service has for its own calls: see
    /// [`from_open_edx_env`](crate::from_open_edx_env).
    ///
    /// # Errors
    /// Where the variables ask for nothing that can be done.
    pub fn from_open_edx_env() -> Result<Self, Error> {
        Self::new(TokenSource::from_open_edx_env()?)
    }

    /// A GET to this URL.
    pub fn get(&self, url: &str) -> RequestBuilder {
        self.request(Method::GET, url)
    }

    /// A HEAD to this URL.
    pub fn head(&self, url: &str) -> RequestBuilder {
        self.request(Method::HEAD, url)
    }

    /// A POST to this URL.
    pub fn post(&self, url: &str) -> RequestBuilder {
        self.request(Method::POST, url)
    }

    /// A PUT to this URL.
    pub fn put(&self, url: &str) -> RequestBuilder {
        self.request(Method::PUT, url)
    }

    /// A PATCH to this URL.
    pub fn patch(&self, url: &str) -> RequestBuilder {
        self.request(Method::PATCH, url)
    }

    /// A DELETE to this URL.
    pub fn delete(&self, url: &str) -> RequestBuilder {
        self.request(Method::DELETE, url)
    }

    /// A request of any method to this URL.
    pub fn request(&self, method: Method, url: &str) -> RequestBuilder {
        RequestBuilder::new(self.clone(), method, url)
    }

    /// Sends a request that was built elsewhere, as if by a [`RequestBuilder`]; `""` is no body. An
    /// `Authorization` of its own is replaced, and what ureq keeps in its extensions is not used.
    ///
    /// # Errors
    /// Where no reply came.
    ///
    /// # Panics
    /// Where the process has no thread left: ureq looks names up on one.
    ///
    /// ```no_run
    /// use edx_auth_ureq::AuthorizedClient;
    ///
    /// let edx = AuthorizedClient::from_env()?;
    /// let request = http::Request::get("https://api.edx.org/catalog/v1/catalogs").body("")?;
    /// println!("{}", edx.execute(request)?.status());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn execute(&self, request: Request<impl AsRef<[u8]>>) -> Result<Response<Body>, Error> {
        let (head, body) = request.into_parts();
        let url = head.uri.to_string();
        let call = ApiCall::new(head.method, &url, self.source.origins().clone())?;
        let payload = Payload::of(body.as_ref());
        let deadline = Deadline::after(self.timeout);
        self.carry(call, Outgoing::new(head.headers, payload, deadline))
    }

    /// The items of a list, from this page to its end, whatever the size of its pages.
    ///
    /// ```no_run
    /// use edx_auth_ureq::AuthorizedClient;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Course {
    ///     key: String,
    ///     title: String,
    /// }
    ///
    /// let edx = AuthorizedClient::from_env()?;
    /// for course in edx.pages::<Course>("https://discovery.edx.org/api/v1/courses/?page_size=100") {
    ///     let course = course?; // the end without an error is the true end
    ///     println!("{}: {}", course.key, course.title);
    /// }
    /// # Ok::<(), edx_auth_ureq::Error>(())
    /// ```
    #[doc(alias = "paginate")]
    pub fn pages<T: DeserializeOwned>(&self, url: &str) -> Pages<T> {
        Pages::new(self.clone(), url)
    }

    /// Where its tokens come from.
    #[must_use]
    pub fn source(&self) -> &TokenSource {
        &self.source
    }
}

/// Without the HTTP client's own settings.
impl fmt::Debug for AuthorizedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizedClient")
            .field("source", &self.source)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
