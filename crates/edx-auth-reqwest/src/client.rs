//! An HTTP client that adds the access token to every request.

mod builder;
mod call;
mod connections;
mod pages;
mod request_builder;

use std::sync::Arc;

use edx_auth_driver::CallSettings;
use reqwest::{Request, Response};

use crate::convert::call_of;
use crate::{Error, TokenSource};
use builder::ClientChoice;
use connections::Connections;

pub use builder::AuthorizedClientBuilder;
pub use pages::Pages;
pub use request_builder::RequestBuilder;

/// An HTTP client over reqwest that adds the access token to every request, and sends it to the allowed
/// origins only.
///
/// Requests and responses are reqwest's own types, and a response of any status is returned as `Ok`.
/// The client
///
/// * attaches the token, and renews it before it expires;
/// * replays a call once with a newer token if an API rejects the first, if the body can be sent
///   again;
/// * follows redirects inside the [`Origins`](crate::Origins), and returns any other redirect as the
///   response;
/// * sends a GET or HEAD once more if the server had just closed the kept connection;
/// * asks for JSON in English, unless the request says otherwise: some of edX's APIs respond with
///   XML, and only the English text of a throttled call says how long to wait.
///
/// The extensions of a response that is not a success hold a [`Verdict`](crate::Verdict): what it
/// means, how long to wait, and what to do; and a [`Problem`](crate::Problem): what the API says about
/// it in the first 8 KiB. [`require_success`](crate::RequireSuccess::require_success) makes one error of
/// them. Those of a 401 for which there was no newer token also hold the
/// [`TokenError`](crate::TokenError).
///
/// Calls run on the caller's runtime, which has to be tokio's with I/O and timers enabled. Each runtime has
/// its own connections, because a connection works only while the runtime that opened it runs.
///
/// ```no_run
/// use edx_auth_reqwest::{AuthorizedClient, Verdict};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let edx = AuthorizedClient::from_env()?;
/// let catalogs = "https://api.edx.org/catalog/v1/catalogs";
/// let response = edx.get(catalogs).query(&[("limit", 5)]).send().await?;
/// match response.extensions().get::<Verdict>() {
///     None => println!("{}", response.text().await?),
///     Some(verdict) => eprintln!("{}: {}", response.status(), verdict.advice()),
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct AuthorizedClient {
    connections: Arc<Connections>,
    choice: ClientChoice,
    source: TokenSource,
    settings: CallSettings,
}

impl AuthorizedClient {
    /// Creates a client with the tokens of another source, such as another tenant's, and with the settings and
    /// the connections of this client: many clients of one site then have one pool.
    ///
    /// Every call has the token of its client's source, over whichever connection it goes. Connections are
    /// not shared between sources with different [`http_client`](crate::TokenSourceBuilder::http_client)s or
    /// names, so a call never goes through another tenant's proxy, or with its client certificate. A cookie
    /// store of an HTTP client would be shared: set none.
    ///
    /// # Errors
    /// Returns the errors of [`AuthorizedClientBuilder::build`].
    ///
    /// ```
    /// use edx_auth_reqwest::{AuthorizedClient, Error, TokenSource};
    ///
    /// fn clients(tenants: [TokenSource; 2]) -> Result<[AuthorizedClient; 2], Error> {
    ///     let [acme, umbrella] = tenants;
    ///     let acme = AuthorizedClient::new(acme)?;
    ///     let umbrella = acme.with_source(umbrella)?;
    ///     Ok([acme, umbrella])
    /// }
    /// # use edx_auth_reqwest::{AccessToken, Origins, TokenType};
    /// # let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
    /// # let source = TokenSource::fixed(token, Origins::edx());
    /// # clients([source.clone(), source]).unwrap();
    /// ```
    #[doc(alias = "pool")]
    pub fn with_source(&self, source: TokenSource) -> Result<Self, Error> {
        AuthorizedClientBuilder::like(self, source).build()
    }

    /// Sends a request that was built elsewhere, as if by a [`RequestBuilder`]. A request whose body is
    /// a stream is sent only once. Its `Authorization` is replaced.
    ///
    /// # Errors
    /// Returns an error if there is no response.
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
    pub async fn execute(&self, request: Request) -> Result<Response, Error> {
        let origins = self.source.origins().clone();
        let (call, payload) = call_of(request, origins, self.settings)?;
        self.run(call, payload).await
    }
}

edx_auth_driver::client_methods! {
    RequestBuilder, "edx_auth_reqwest",
    /// ```no_run
    /// use edx_auth_reqwest::AuthorizedClient;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct Course {
    ///     title: String,
    /// }
    ///
    /// # async fn example() -> Result<(), edx_auth_reqwest::Error> {
    /// let edx = AuthorizedClient::from_env()?;
    /// let url = "https://discovery.edx.org/api/v1/courses/?page_size=100";
    /// let mut courses = edx.pages::<Course>(url);
    /// while let Some(course) = courses.next().await {
    ///     let course = course?; // the end without an error is the true end
    ///     println!("{}", course.title);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    example of pages
}
