//! Your HTTP client, authorized.

mod body;
mod builder;
mod call;
mod connections;
mod deadline;
mod draft;
mod pages;
mod reply;
mod request_builder;
mod successor;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use edx_auth_core::ApiCall;
use http::Method;
use reqwest::{Request, Response};
use serde::de::DeserializeOwned;

use crate::{Error, TokenSource};
use call::{Outgoing, Payload};
use connections::Connections;
use deadline::Deadline;

pub use builder::AuthorizedClientBuilder;
pub use pages::Pages;
pub use request_builder::RequestBuilder;

/// An HTTP client whose requests carry the token, to the origins that it is for and to no other.
///
/// Requests and replies are reqwest's own, and a reply of any status is a reply. On the way there it
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
/// Calls are made on the caller's runtime, which has to be tokio's with I/O and timers on.
///
/// ```no_run
/// use edx_auth_reqwest::{AuthorizedClient, Verdict};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let edx = AuthorizedClient::from_env()?;
/// let catalogs = "https://api.edx.org/catalog/v1/catalogs";
/// let reply = edx.get(catalogs).query(&[("limit", 5)]).send().await?;
/// match reply.extensions().get::<Verdict>() {
///     None => println!("{}", reply.text().await?),
///     Some(verdict) => eprintln!("{}: {}", reply.status(), verdict.advice()),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct AuthorizedClient {
    source: TokenSource,
    connections: Arc<Connections>,
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

    /// Sends a request that was built elsewhere, as if by a [`RequestBuilder`]: one whose body is a
    /// stream is sent once. An `Authorization` of its own is replaced.
    ///
    /// # Errors
    /// Where no reply came.
    ///
    /// ```no_run
    /// use edx_auth_reqwest::AuthorizedClient;
    /// use reqwest::{Method, Request};
    ///
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let edx = AuthorizedClient::from_env()?;
    /// let request = Request::new(Method::GET, "https://api.edx.org/catalog/v1/catalogs".parse()?);
    /// println!("{}", edx.execute(request).await?.status());
    /// # Ok(())
    /// # }
    /// ```
    pub async fn execute(&self, mut request: Request) -> Result<Response, Error> {
        let origins = self.source.origins().clone();
        let call = ApiCall::new(request.method().clone(), request.url().as_str(), origins)?;
        let deadline = Deadline::after(request.timeout().copied().unwrap_or(self.timeout));
        let body = request.body_mut().take().unwrap_or_default();
        let (call, payload) = match body.as_bytes() {
            Some(bytes) => (call, Payload::of(Bytes::copy_from_slice(bytes))),
            None => (call.once(), Payload::Once(body)),
        };
        let headers = std::mem::take(request.headers_mut());
        self.carry(call, Outgoing::new(headers, payload, deadline))
            .await
    }

    /// The items of a list, from this page to its end, whatever the size of its pages.
    ///
    /// ```no_run
    /// use edx_auth_reqwest::AuthorizedClient;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Course {
    ///     key: String,
    ///     title: String,
    /// }
    ///
    /// # async fn example() -> Result<(), edx_auth_reqwest::Error> {
    /// let edx = AuthorizedClient::from_env()?;
    /// let url = "https://discovery.edx.org/api/v1/courses/?page_size=100";
    /// let mut courses = edx.pages::<Course>(url);
    /// while let Some(course) = courses.next().await {
    ///     let course = course?; // the end without an error is the true end
    ///     println!("{}: {}", course.key, course.title);
    /// }
    /// # Ok(())
    /// # }
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

/// Without the HTTP client, which shows its default headers, whatever is in them.
impl fmt::Debug for AuthorizedClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizedClient")
            .field("source", &self.source)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
