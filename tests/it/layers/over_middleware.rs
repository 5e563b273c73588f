//! reqwest's client under the middleware.

use std::time::Duration;

use bytes::Bytes;
use edx_auth_reqwest::{AuthorizationMiddleware, TokenSource};
use http::{Extensions, Request, Response};
use http_body_util::Full;
use reqwest::redirect::Policy;
use reqwest::{Body, Client};
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Middleware, Next, Result};

use super::{Called, Layered};

pub(crate) struct OverMiddleware(ClientWithMiddleware);

impl OverMiddleware {
    /// Creates a client over this one of reqwest.
    pub(super) fn over(client: Client, edx: AuthorizationMiddleware, retries: usize) -> Self {
        let builder = ClientBuilder::new(client).with(Retry(retries)).with(edx);
        Self(builder.build())
    }

    async fn send(&self, request: Request<Body>) -> Called {
        let response = self.0.execute(request.try_into()?).await?;
        let mut whole = Response::new(Bytes::new());
        *whole.status_mut() = response.status();
        *whole.headers_mut() = response.headers().clone();
        *whole.extensions_mut() = response.extensions().clone();
        *whole.body_mut() = response.bytes().await?;
        Ok(whole)
    }
}

impl Layered for OverMiddleware {
    fn new(source: TokenSource, timeout: Duration, retries: usize) -> Self {
        let client = client(Policy::none());
        let edx = AuthorizationMiddleware::new(source).timeout(timeout);
        Self::over(client, edx, retries)
    }

    async fn call(&self, request: Request<Vec<u8>>) -> Called {
        self.send(request.map(Body::from)).await
    }

    async fn call_once(&self, request: Request<Vec<u8>>) -> Called {
        let stream = |bytes| Body::wrap(Full::<Bytes>::from(bytes));
        self.send(request.map(stream)).await
    }
}

/// Creates a client for loopback servers.
pub(super) fn client(redirects: Policy) -> Client {
    let client = Client::builder().no_proxy().tls_certs_only([]);
    client.redirect(redirects).build().unwrap()
}

/// Repeats a call this often.
struct Retry(usize);

#[async_trait::async_trait]
impl Middleware for Retry {
    async fn handle(
        &self,
        request: reqwest::Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<reqwest::Response> {
        for _ in 0..self.0 {
            let Some(copy) = request.try_clone() else {
                break;
            };
            let response = next.clone().run(copy, extensions).await?;
            if ![429, 503].contains(&response.status().as_u16()) {
                return Ok(response);
            }
        }
        next.run(request, extensions).await
    }
}
