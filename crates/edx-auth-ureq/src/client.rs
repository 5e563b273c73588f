//! An HTTP client that adds the access token to every request.

mod body;
mod builder;
mod call;
mod pages;
mod request_builder;

use edx_auth_driver::{ApiCall, CallSettings};
use http::{Request, Response};
use ureq::Body;

use crate::http_agent::HttpAgent;
use crate::{Error, TokenSource};
use call::Payload;

pub use builder::AuthorizedClientBuilder;
pub use pages::Pages;
pub use request_builder::RequestBuilder;

/// An HTTP client over ureq that adds the access token to every request, and sends it to the allowed
/// origins only.
///
/// Requests and responses are the types of ureq and `http`, and a response of any status is returned as
/// `Ok`. The client
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
/// A response that is not a success has a [`Verdict`](crate::Verdict) among its extensions: what it
/// means, how long to wait, and what to do; and a [`Problem`](crate::Problem): what the API says about
/// it in the first 8 KiB. [`require_success`](crate::RequireSuccess::require_success) makes one error of
/// them. A 401 for which there was no newer token has the
/// [`TokenError`](crate::TokenError) there too.
///
/// An error response is returned as soon as the first 8 KiB of its body have arrived, or two seconds have
/// passed; over an agent of the program, not before they have arrived or the call's timeout has passed.
///
/// If another crate has enabled ureq's feature `cookies`, the client keeps the cookies of its origins. If it
/// has enabled `gzip` or `brotli`, a response that is compressed unasked is decompressed.
///
/// ```no_run
/// use edx_auth_ureq::{AuthorizedClient, Verdict};
///
/// let edx = AuthorizedClient::from_env()?;
/// let mut response = edx.get("https://api.edx.org/catalog/v1/catalogs").query(&[("limit", 5)]).send()?;
/// match response.extensions().get::<Verdict>() {
///     None => println!("{}", response.body_mut().read_to_string()?),
///     Some(verdict) => eprintln!("{}: {}", response.status(), verdict.advice()),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct AuthorizedClient {
    agent: HttpAgent,
    source: TokenSource,
    settings: CallSettings,
}

impl AuthorizedClient {
    /// Sends a request that was built elsewhere, as if by a [`RequestBuilder`]; `""` is no body. Its
    /// `Authorization` is replaced, and ureq's settings in its extensions are ignored.
    ///
    /// # Errors
    /// Returns an error if there is no response.
    ///
    /// # Panics
    /// Panics if the process has no thread left and the program supplied the agent: ureq looks up host names
    /// on a separate one. Over an agent of this crate, that is an error.
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
        let payload = Payload::Bytes(body.as_ref().to_vec());
        let origins = self.source.origins().clone();
        let call = ApiCall::new(head.method, &head.uri.to_string(), origins)?;
        let call = call.headers(head.headers).body(payload.kind());
        let call = CallSettings::default().apply(self.settings, call);
        self.run(call, payload)
    }
}

edx_auth_driver::client_methods! {
    RequestBuilder<'_>, "edx_auth_ureq",
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
    example of pages
}
