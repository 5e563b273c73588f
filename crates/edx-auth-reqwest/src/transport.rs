//! Token requests over reqwest, each on its own thread and runtime.

use std::sync::{Arc, OnceLock};
use std::{io, thread};

use bytes::Bytes;
use edx_auth_driver::{
    ClientName, Error, FormBody, HttpStack, IssuedToken, ResponseBody, TokenRequest, Transport,
    TransportError, TransportFailure, TransportRules,
};
use http::{Request, Response};
use reqwest::Body;
use tokio::runtime;
use tokio::sync::oneshot;

use crate::classify::transport_error;
use crate::http_client::{self, HttpClient, ReadyClient, Recipe};
use crate::tls::{BoxError, NoClient};

/// reqwest as the HTTP client of a [`TokenSource`](crate::TokenSource).
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "it has no values")]
pub enum Reqwest {}

/// Sends one token request and returns the issued token. Nothing is cached.
///
/// It runs on its own thread and works on every runtime.
///
/// # Errors
/// Returns [`Error::Exchange`] if no token came, and the errors of [`TokenSource::new`](crate::TokenSource::new).
///
/// ```no_run
/// use edx_auth_reqwest::{ClientCredentials, TokenEndpoint, TokenRequest};
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
/// let issued = edx_auth_reqwest::exchange(&request).await?;
/// println!("a {} token for {:?}", issued.token().token_type(), issued.lifetime());
/// # Ok(())
/// # }
/// ```
pub async fn exchange(request: &TokenRequest) -> Result<IssuedToken, Error> {
    let (done, result) = oneshot::channel();
    let to_send = request.clone();
    let thread = thread::Builder::new().name(String::from("edx-auth-exchange"));
    let started = thread.spawn(move || {
        // The receiver may be gone.
        let _ = done.send(exchange_on_this_thread(&to_send));
    });
    match (started, result.await) {
        (Ok(_), Ok(result)) => result,
        (Err(error), _) => Err(not_sent(request, error.into())),
        (_, Err(error)) => Err(not_sent(request, error.into())),
    }
}

fn exchange_on_this_thread(request: &TokenRequest) -> Result<IssuedToken, Error> {
    let transport = Reqwest::transport(request, None, None)?;
    Ok(edx_auth_driver::exchange(request, &*transport)?)
}

fn not_sent(request: &TokenRequest, cause: BoxError) -> Error {
    let (_, exchange) = request.begin();
    exchange.fail(not_sent_since(cause)).into()
}

fn not_sent_since(cause: impl Into<BoxError>) -> TransportError {
    TransportError::from(TransportFailure::NotSent).with_cause(cause)
}

impl HttpStack for Reqwest {
    type Client = HttpClient;

    fn transport(
        request: &TokenRequest,
        client: Option<HttpClient>,
        name: Option<&ClientName>,
    ) -> Result<Box<dyn Transport>, Error> {
        let transport = OverClient {
            recipe: Recipe::new(client, name),
            client: OnceLock::new(),
        };
        transport
            .client(&request.rules())
            .map_or_else(NoClient::before_requests, |_| Ok(()))?;
        Ok(Box::new(transport))
    }
}

/// Sends token requests over one client.
struct OverClient {
    recipe: Recipe,
    /// Created with the source, or, if the system has no roots then, by the first request that finds some.
    client: OnceLock<Arc<ReadyClient>>,
}

impl OverClient {
    fn client(&self, rules: &TransportRules) -> Result<&ReadyClient, NoClient> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = http_client::for_tokens(&self.recipe, rules)?;
        Ok(self.client.get_or_init(|| client))
    }
}

impl Transport for OverClient {
    fn send(
        &self,
        request: Request<FormBody>,
        rules: TransportRules,
    ) -> Result<Response<ResponseBody>, TransportError> {
        let client = self.client(&rules).map_err(|error| match error {
            NoClient::NoRoots => TransportFailure::NoRoots.into(),
            NoClient::Setup(error) => not_sent_since(error),
        })?;
        let sent = in_own_runtime(send(client, request, rules));
        sent.unwrap_or_else(|error| Err(not_sent_since(error)))
    }
}

/// Runs work on a separate runtime: it goes on if a test pauses tokio's clock, or the caller's runtime ends.
fn in_own_runtime<T>(work: impl Future<Output = T>) -> io::Result<T> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let result = runtime.block_on(work);
    // A name look-up that hangs is left behind.
    runtime.shutdown_background();
    Ok(result)
}

async fn send(
    client: &ReadyClient,
    request: Request<FormBody>,
    rules: TransportRules,
) -> Result<Response<ResponseBody>, TransportError> {
    let request = request.map(|form| Body::from(Bytes::from_owner(form)));
    let request = reqwest::Request::try_from(request).map_err(transport_error)?;
    let mut response = client.execute_within(rules.deadline(), request).await?;
    TransportRules::check_head(response.headers())?;
    let mut body = ResponseBody::with_room_for(response.content_length(), &rules);
    while let Some(chunk) = response.chunk().await.map_err(transport_error)? {
        body.push(&chunk, response.status())?;
    }
    let mut received = Response::new(body);
    *received.status_mut() = response.status();
    *received.headers_mut() = std::mem::take(response.headers_mut());
    Ok(received)
}
