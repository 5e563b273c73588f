//! The token for requests through `reqwest_middleware`.

use std::time::Duration;

use edx_auth_driver::{ApiRequest, CallSettings};
use http::{Extensions, Response};
use reqwest::{Body, Request};
use reqwest_middleware::{Middleware, Next};

use crate::convert::{Content, Payload, call_of, into_reqwest, received, request_of};
use crate::drive::{Sender, Sent, drive, within};
use crate::{Error, TokenSource};

/// A [`reqwest_middleware::Middleware`] that adds the access token to every request, and sends it to the
/// allowed origins only.
///
/// ```
/// use edx_auth_reqwest::reqwest::{Client, redirect::Policy};
/// use edx_auth_reqwest::{AuthorizationMiddleware, TokenSource};
/// use reqwest_middleware::ClientBuilder;
///
/// async fn catalogs(source: TokenSource, url: &str) -> Result<String, reqwest_middleware::Error> {
///     let client = Client::builder().redirect(Policy::none()).build()?;
///     let edx = ClientBuilder::new(client)
///         // a retry middleware of yours belongs here: every attempt takes its own token
///         .with(AuthorizationMiddleware::new(source))
///         .build();
///     Ok(edx.get(url).send().await?.text().await?)
/// }
/// # use edx_auth_reqwest::{ClientCredentials, TokenEndpoint, TokenRequest};
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
/// # runtime.block_on(async {
/// #     let site = edx_auth_testkit::MockEdx::start().unwrap();
/// #     let credentials = ClientCredentials::new(site.client_id(), site.client_secret()).unwrap();
/// #     let endpoint = TokenEndpoint::open_edx(site.url()).unwrap();
/// #     let source = TokenSource::new(TokenRequest::new(endpoint, credentials)).unwrap();
/// #     assert!(catalogs(source, &site.catalogs_url()).await.unwrap().contains("results"));
/// # });
/// ```
///
/// It does what [`AuthorizedClient`](crate::AuthorizedClient) does: default headers, redirects inside the
/// origins, one replay after a rejected token, one timeout, and a [`Verdict`](crate::Verdict) and a
/// [`Problem`](crate::Problem) among the extensions of each response that is not a success. The source's own
/// token requests go through no middleware.
///
/// # Its place
///
/// **Inside of retries, so last.** Then every attempt takes its own token, and a token that was renewed for
/// one attempt serves the next. Outside of them, a retry would repeat a token that has expired. It retries
/// nothing itself but the one replay.
///
/// A 401, a renewal, a 429, a retry and another 401 cost one renewal: a token that is rejected soon after its
/// renewal is replaced after the [backoff](crate::RenewalPolicyBuilder::rejection_backoff), ten seconds at first.
/// A call whose timeout is shorter returns the 401.
///
/// A middleware between it and the client sees the token: let none of them log headers.
///
/// # What it cannot know
///
/// * **A redirect that the client follows by itself.** Build the client with `Policy::none()`. If the client
///   followed one, the call is an error that says so, but the token may have been sent along. A chain of
///   redirects that ends where it began is not detected.
/// * **Whether the client repeats requests.** An error of the client is returned unchanged, and a GET whose
///   connection broke is not sent again: leave that to reqwest or to a retry middleware.
/// * **Whether a stream can be sent again.** A body in memory can. A call with a stream is not replayed, and
///   its response is the 401.
///
/// # Errors
/// It returns [`Error`] as [`reqwest_middleware::Error::Middleware`] if there is no token, the token must not
/// be sent to this URL, the timeout has passed, or the response has more than 100 headers or 64 KiB of them,
/// and all others unchanged.
#[derive(Clone, Debug)]
pub struct AuthorizationMiddleware {
    source: TokenSource,
    settings: CallSettings,
}

impl AuthorizationMiddleware {
    /// Creates a middleware with the tokens of this source.
    #[must_use]
    pub fn new(source: TokenSource) -> Self {
        let settings = CallSettings::default();
        Self { source, settings }
    }

    /// Sets how long a call may take, instead of 90 s, unless its request sets another timeout: with the wait
    /// for its token, redirects, a replay, and the last byte of its response.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.timeout = Some(timeout);
        self
    }

    /// Sets how long a call waits for its token, instead of the source's own timeout.
    #[must_use]
    pub fn token_timeout(mut self, timeout: Duration) -> Self {
        self.settings.token_timeout = Some(timeout);
        self
    }
}

#[async_trait::async_trait]
impl Middleware for AuthorizationMiddleware {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> reqwest_middleware::Result<reqwest::Response> {
        let origins = self.source.origins().clone();
        let call = call_of(request, origins, self.settings);
        let (call, payload) = call.map_err(reqwest_middleware::Error::middleware)?;
        let sender = OverChain {
            next,
            extensions,
            payload,
        };
        match drive(&self.source, call, sender).await {
            Ok(response) => Ok(into_reqwest(response)),
            Err(Ended(error)) => Err(error),
        }
    }
}

/// Sends a call's requests down the rest of the chain.
struct OverChain<'a> {
    next: Next<'a>,
    extensions: &'a mut Extensions,
    payload: Payload,
}

impl Sender for OverChain<'_> {
    type Body = Content;
    type Error = Ended;

    async fn send(&mut self, request: ApiRequest) -> Result<Sent<Response<Content>>, Ended> {
        let sent = within(request.timeout(), self.run(request)).await?;
        Ok(sent.map(|response| response.map(Content::Peeked)))
    }
}

impl OverChain<'_> {
    async fn run(&mut self, request: ApiRequest) -> Result<Sent<Response<Body>>, Ended> {
        let request = match request_of(request, &mut self.payload) {
            Ok(request) => request,
            Err(error) => return Ok(Err(error)),
        };
        let asked = request.url().clone();
        let sent = self.next.clone().run(request, self.extensions).await;
        Ok(received(sent.map_err(Ended)?, &asked))
    }
}

/// Why the call has ended.
struct Ended(reqwest_middleware::Error);

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self(reqwest_middleware::Error::middleware(error))
    }
}
