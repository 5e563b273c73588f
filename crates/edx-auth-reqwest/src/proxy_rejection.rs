//! Names the proxy that did not connect to a server.

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};

use edx_auth_driver::{ProxyUrl, TransportError, TransportFailure};
use http::StatusCode;
use tower_layer::Layer;
use tower_service::Service;

use crate::tls::BoxError;

/// Reports the rejections of this proxy, or of an unnamed one: a client that is handed in has its own.
#[derive(Clone, Debug)]
pub(crate) struct ProxyRejections(pub(crate) Option<ProxyUrl>);

/// A connector whose errors name the proxy.
#[derive(Clone, Debug)]
pub(crate) struct Named<S> {
    connector: S,
    proxy: Option<ProxyUrl>,
}

type Connecting<C> = Pin<Box<dyn Future<Output = Result<C, BoxError>> + Send>>;

impl<S> Layer<S> for ProxyRejections {
    type Service = Named<S>;

    fn layer(&self, connector: S) -> Named<S> {
        let proxy = self.0.clone();
        Named { connector, proxy }
    }
}

impl<S, Target> Service<Target> for Named<S>
where
    S: Service<Target, Error = BoxError>,
    S::Future: Send + 'static,
    S::Response: 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = Connecting<S::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, target: Target) -> Self::Future {
        let (connected, proxy) = (self.connector.call(target), self.proxy.clone());
        Box::pin(async move {
            let named = |error| with_proxy(error, proxy.as_ref());
            connected.await.map_err(named)
        })
    }
}

fn with_proxy(error: BoxError, proxy: Option<&ProxyUrl>) -> BoxError {
    let text = error.to_string();
    if !is_rejection(&*error, &text) {
        return error;
    }
    let status = text
        .ends_with("proxy authorization required")
        .then_some(StatusCode::PROXY_AUTHENTICATION_REQUIRED);
    let rejected = TransportError::from(TransportFailure::ProxyRejected { status });
    match proxy {
        Some(proxy) => rejected.with_cause(format!("{proxy}: {text}")).into(),
        None => rejected.with_cause(error).into(),
    }
}

/// Reports whether this is a response to CONNECT, or none. hyper does not export the type of this error,
/// and tells no status but 407. An error of the connection to the proxy has a source.
fn is_rejection(error: &(dyn Error + 'static), text: &str) -> bool {
    text.starts_with("tunnel error: ") && error.source().is_none()
}
