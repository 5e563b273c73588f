//! The token for requests over any [`tower_service::Service`] that sends `http` requests.

use std::fmt;
use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use edx_auth_driver::{ApiCall, ApiRequest, CallBody, CallSettings};
use http::{Extensions, Request, Response, Version};
use http_body::Body;
use tower_layer::Layer;
use tower_service::Service;

use crate::body::PeekedBody;
use crate::drive::{Sender, Sent, drive, within};
use crate::tls::BoxError;
use crate::{Error, TokenSource};

/// A [`tower_layer::Layer`] that adds the access token to every request, and sends it to the allowed origins
/// only. It works over each service that sends [`http::Request`]s, on every runtime.
///
/// ```
/// use bytes::Bytes;
/// use edx_auth_reqwest::{AuthorizationLayer, TokenSource};
/// use http_body_util::Full;
/// use hyper_util::client::legacy::Client;
/// use hyper_util::rt::TokioExecutor;
/// use tower::{BoxError, Service, ServiceBuilder, ServiceExt};
///
/// async fn catalogs(source: TokenSource, url: &str) -> Result<http::StatusCode, BoxError> {
///     let client = Client::builder(TokioExecutor::new()).build_http::<Full<Bytes>>();
///     let mut edx = ServiceBuilder::new()
///         // a retry layer of yours belongs here: every attempt takes its own token
///         .layer(AuthorizationLayer::new(source).repeat(|body| Some(Full::clone(body))))
///         .service(client);
///     let request = http::Request::get(url).body(Full::default())?;
///     Ok(edx.ready().await?.call(request).await?.status())
/// }
/// # use edx_auth_reqwest::{ClientCredentials, TokenEndpoint, TokenRequest};
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
/// # runtime.block_on(async {
/// #     let site = edx_auth_testkit::MockEdx::start().unwrap();
/// #     let credentials = ClientCredentials::new(site.client_id(), site.client_secret()).unwrap();
/// #     let endpoint = TokenEndpoint::open_edx(site.url()).unwrap();
/// #     let source = TokenSource::new(TokenRequest::new(endpoint, credentials)).unwrap();
/// #     assert_eq!(catalogs(source, &site.catalogs_url()).await.unwrap(), 200);
/// # });
/// ```
///
/// It does what [`AuthorizedClient`](crate::AuthorizedClient) does: default headers, redirects inside the
/// origins, one replay after a rejected token, one timeout, and a [`Verdict`](crate::Verdict) and a
/// [`Problem`](crate::Problem) among the extensions of each response that is not a success.
///
/// # Its place
///
/// **Inside of retries, next to the client.** Then every attempt takes its own token, and a token that was
/// renewed for one attempt serves the next. Outside of them, a retry would repeat a token that has expired.
/// The layer retries nothing itself but the one replay.
///
/// A 401, a renewal, a 429, a retry and another 401 cost one renewal: a token that is rejected soon after its
/// renewal is replaced after the [backoff](crate::RenewalPolicyBuilder::rejection_backoff), ten seconds at first.
/// A call whose timeout is shorter returns the 401.
///
/// Layers between it and the client see the token: let none of them log headers.
///
/// # What it cannot know
///
/// * **A redirect that the client follows by itself.** It would carry the token to another server, unseen.
///   Use a client that returns redirects, as hyper's does.
/// * **What an error of the client means.** It is returned unchanged, and a GET whose connection broke is not
///   sent again: leave that to a retry layer.
/// * **Whether a body can be sent again.** An empty one can. For others give a [function](Self::repeat), or
///   the call is not replayed and its response is the 401.
/// * **How long connecting may take.** That is up to the client; the layer's timeout covers the whole call.
///
/// # Errors
/// The service returns its own [`Error`] if there is no token, the token must not be sent to this URL, the
/// timeout has passed, or the response has more than 100 headers or 64 KiB of them, and all others unchanged:
/// `error.downcast_ref::<Error>()`.
pub struct AuthorizationLayer<B> {
    source: TokenSource,
    settings: CallSettings,
    repeat: fn(&B) -> Option<B>,
}

impl<B> AuthorizationLayer<B> {
    /// Creates a layer with the tokens of this source.
    #[must_use]
    pub fn new(source: TokenSource) -> Self {
        Self {
            source,
            settings: CallSettings::default(),
            repeat: |_| None,
        }
    }

    /// Copies a request's body with this function, so that the call can be replayed. It returns `None` for a
    /// body that can be sent once.
    #[must_use]
    pub fn repeat(self, copy: fn(&B) -> Option<B>) -> Self {
        Self {
            repeat: copy,
            ..self
        }
    }

    /// Sets how long a call may take, instead of 90 s: with the wait for its token, redirects, a replay, and
    /// the last byte of its response.
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

impl<B> Clone for AuthorizationLayer<B> {
    fn clone(&self) -> Self {
        Self {
            source: self.source.clone(),
            ..*self
        }
    }
}

impl<B> fmt::Debug for AuthorizationLayer<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AuthorizationLayer")
            .field("source", &self.source)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

impl<S, B> Layer<S> for AuthorizationLayer<B> {
    type Service = Authorization<S, B>;

    fn layer(&self, inner: S) -> Authorization<S, B> {
        let layer = self.clone();
        Authorization { inner, layer }
    }
}

/// A service under an [`AuthorizationLayer`].
#[derive(Debug)]
pub struct Authorization<S, B> {
    inner: S,
    layer: AuthorizationLayer<B>,
}

impl<S: Clone, B> Clone for Authorization<S, B> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            layer: self.layer.clone(),
        }
    }
}

impl<S, B, R> Service<Request<B>> for Authorization<S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>, Future: Send>,
    S: Clone + Send + 'static,
    B: Body + Default + Send + 'static,
    R: Body<Error: Into<BoxError>> + Unpin + Send + 'static,
{
    type Response = Response<PeekedBody<R>>;
    type Error = BoxError;
    type Future = Called<R>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, request: Request<B>) -> Called<R> {
        // The clone may not be ready, so it is the one for the next call.
        let next = self.inner.clone();
        let service = mem::replace(&mut self.inner, next);
        let layer = self.layer.clone();
        Box::pin(async move {
            let (call, sender) = layer.call_of(request, service)?;
            drive(&layer.source, call, sender).await
        })
    }
}

type Called<R> = Pin<Box<dyn Future<Output = Result<Response<PeekedBody<R>>, BoxError>> + Send>>;

impl<B: Body> AuthorizationLayer<B> {
    /// Returns the call that a request describes, and what sends its requests over this service.
    fn call_of<S>(
        &self,
        request: Request<B>,
        service: S,
    ) -> Result<(ApiCall, OverService<S, B>), Error> {
        let (head, body) = request.into_parts();
        let origins = self.source.origins().clone();
        let call = ApiCall::new(head.method, &head.uri.to_string(), origins)?
            .headers(head.headers)
            .body(self.kind(&body));
        let sender = OverService {
            service,
            version: head.version,
            extensions: head.extensions,
            body,
            repeat: self.repeat,
        };
        Ok((CallSettings::default().apply(self.settings, call), sender))
    }

    fn kind(&self, body: &B) -> CallBody {
        match (body.size_hint().exact(), (self.repeat)(body)) {
            (Some(0), _) => CallBody::Empty,
            (_, Some(_)) => CallBody::Repeatable,
            (_, None) => CallBody::Once,
        }
    }
}

/// Sends a call's requests over a service.
struct OverService<S, B> {
    service: S,
    version: Version,
    extensions: Extensions,
    body: B,
    repeat: fn(&B) -> Option<B>,
}

impl<S, B, R> Sender for OverService<S, B>
where
    S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>, Future: Send> + Send,
    B: Default + Send,
    R: Body<Error: Into<BoxError>> + Unpin + Send,
{
    type Body = PeekedBody<R>;
    type Error = BoxError;

    async fn send(
        &mut self,
        request: ApiRequest,
    ) -> Result<Sent<Response<PeekedBody<R>>>, BoxError> {
        within(request.timeout(), self.call(request)).await
    }
}

impl<S, B: Default> OverService<S, B> {
    async fn call<R>(&mut self, request: ApiRequest) -> Result<Sent<Response<R>>, BoxError>
    where
        S: Service<Request<B>, Response = Response<R>, Error: Into<BoxError>>,
    {
        let mut request = request.with_body(self.body());
        *request.version_mut() = self.version;
        *request.extensions_mut() = self.extensions.clone();
        let ready = poll_fn(|context| self.service.poll_ready(context)).await;
        ready.map_err(Into::into)?;
        let response = self.service.call(request).await;
        response.map(Ok).map_err(Into::into)
    }

    /// Returns the body for one sending.
    fn body(&mut self) -> B {
        (self.repeat)(&self.body).unwrap_or_else(|| mem::take(&mut self.body))
    }
}
