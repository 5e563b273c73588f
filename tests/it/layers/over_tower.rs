//! hyper's client under the layer for tower.

use std::future::{Ready, ready};
use std::time::Duration;

use bytes::Bytes;
use edx_auth_reqwest::{Authorization, AuthorizationLayer, TokenSource};
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tower::retry::{Policy, Retry};
use tower::util::ServiceExt as _;
use tower::{BoxError, ServiceBuilder};

use super::{Called, Layered};

pub(crate) struct OverTower {
    layer: AuthorizationLayer<Full<Bytes>>,
    retries: Retries,
    client: Client<HttpConnector, Full<Bytes>>,
}

impl OverTower {
    async fn send(
        &self,
        layer: AuthorizationLayer<Full<Bytes>>,
        request: Request<Vec<u8>>,
    ) -> Called {
        let edx: Retry<Retries, Authorization<_, _>> = ServiceBuilder::new()
            .retry(self.retries)
            .layer(layer)
            .service(self.client.clone());
        let response = edx.oneshot(request.map(Full::from)).await?;
        let (head, body) = response.into_parts();
        Ok(Response::from_parts(head, body.collect().await?.to_bytes()))
    }
}

impl Layered for OverTower {
    fn new(source: TokenSource, timeout: Duration, retries: usize) -> Self {
        Self {
            layer: AuthorizationLayer::new(source).timeout(timeout),
            retries: Retries(retries),
            client: Client::builder(TokioExecutor::new()).build_http(),
        }
    }

    async fn call(&self, request: Request<Vec<u8>>) -> Called {
        let layer = self.layer.clone().repeat(|body| Some(body.clone()));
        self.send(layer, request).await
    }

    async fn call_once(&self, request: Request<Vec<u8>>) -> Called {
        self.send(self.layer.clone(), request).await
    }
}

/// How many retries are left.
#[derive(Clone, Copy)]
struct Retries(usize);

impl<B> Policy<Request<Full<Bytes>>, Response<B>, BoxError> for Retries {
    type Future = Ready<()>;

    fn retry(
        &mut self,
        _: &mut Request<Full<Bytes>>,
        result: &mut Result<Response<B>, BoxError>,
    ) -> Option<Ready<()>> {
        let response = result.as_ref().ok()?;
        let may_pass = [429, 503].contains(&response.status().as_u16());
        self.0 = self.0.checked_sub(1).filter(|_| may_pass)?;
        Some(ready(()))
    }

    fn clone_request(&mut self, request: &Request<Full<Bytes>>) -> Option<Request<Full<Bytes>>> {
        Some(request.clone())
    }
}
