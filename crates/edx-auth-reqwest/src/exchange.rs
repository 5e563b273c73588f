//! One token exchange over reqwest, under the core's rules.

use std::io;

use bytes::Bytes;
use edx_auth_core::{
    ExchangeError, FormBody, IssuedToken, TokenRequest, TransportFailure, TransportRules,
};
use http::{Request, Response};
use reqwest::{Body, Client};
use tokio::runtime;
use tokio::sync::oneshot;
use zeroize::Zeroizing;

use crate::stack;
use crate::tls::{Fault, Reach};
use crate::{exchanges, failure};

/// Asks for one token: one request, whatever comes of it.
///
/// No redirect is followed, the body and the time it may take are bounded, and nothing is kept: no
/// connection, no cookie, no token. It runs on a thread of its own, whatever runtime is waiting.
///
/// # Errors
/// Where no token came; [`ExchangeError::advice`] says what to do.
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
pub async fn exchange(request: &TokenRequest) -> Result<IssuedToken, ExchangeError> {
    let (done, outcome) = oneshot::channel();
    let asked = request.clone();
    exchanges::ALL.run(move || {
        let reach = Reach::of(asked.endpoint().is_https());
        let result = match stack::client(reach, None) {
            Ok(client) => exchange_over(&client, &asked),
            Err(fault) => Err(not_sent(&asked, fault)),
        };
        // Where nobody waits any more, nobody is told.
        let _unheard = done.send(result);
    });
    let outcome = outcome.await;
    outcome.unwrap_or_else(|_| Err(not_sent(request, NO_THREAD.into())))
}

fn not_sent(request: &TokenRequest, fault: Fault) -> ExchangeError {
    let (_, exchange) = request.begin();
    exchange
        .fail(TransportFailure::NotSent)
        .with_cause(Spoken(fault))
}

/// The same over some client, on this thread and in a runtime of its own.
pub(crate) fn exchange_over(
    client: &Client,
    request: &TokenRequest,
) -> Result<IssuedToken, ExchangeError> {
    let (to_send, exchange) = request.begin();
    let carried = in_own_runtime(carry(client, to_send, exchange.rules()));
    match carried.unwrap_or_else(|fault| Err(fault.into())) {
        Ok(reply) => {
            let (head, body) = reply.into_parts();
            exchange.finish(Response::from_parts(head, body.as_slice()))
        }
        Err(Broken { failure, cause }) => {
            let error = exchange.fail(failure);
            Err(match cause {
                Some(cause) => error.with_cause(cause),
                None => error,
            })
        }
    }
}

/// A runtime that neither a caller's clock nor a caller's end can touch.
fn in_own_runtime<T>(work: impl Future<Output = T>) -> io::Result<T> {
    let runtime = runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let outcome = runtime.block_on(work);
    // A look-up of a name that hangs is left behind.
    runtime.shutdown_background();
    Ok(outcome)
}

/// An exchange without a complete reply, and what the stack said of it.
struct Broken {
    failure: TransportFailure,
    cause: Option<Spoken>,
}

/// Words of the HTTP stack, without the URL that it adds to them.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
struct Spoken(Fault);

async fn carry(
    client: &Client,
    request: Request<FormBody>,
    rules: TransportRules,
) -> Result<Response<Zeroizing<Vec<u8>>>, Broken> {
    let request = request.map(|form| Body::from(Bytes::from_owner(form)));
    let mut request = reqwest::Request::try_from(request)?;
    *request.timeout_mut() = Some(rules.deadline());
    let mut reply = client.execute(request).await?;
    let body = read(&mut reply, rules.body_limit()).await?;
    let mut read = Response::new(body);
    *read.status_mut() = reply.status();
    *read.headers_mut() = std::mem::take(reply.headers_mut());
    Ok(read)
}

/// The whole body, in one buffer that is wiped and, being large enough from the start, leaves no
/// copy behind.
async fn read(reply: &mut reqwest::Response, limit: usize) -> Result<Zeroizing<Vec<u8>>, Broken> {
    let announced = reply
        .content_length()
        .and_then(|length| usize::try_from(length).ok());
    let mut read = Zeroizing::new(Vec::with_capacity(announced.unwrap_or(limit).min(limit)));
    while let Some(chunk) = reply.chunk().await? {
        if chunk.len() > limit - read.len() {
            return Err(Broken {
                failure: TransportFailure::TooLarge {
                    status: reply.status(),
                },
                cause: None,
            });
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read)
}

impl From<reqwest::Error> for Broken {
    fn from(error: reqwest::Error) -> Self {
        Self {
            failure: failure::of(&error),
            cause: Some(Spoken(error.without_url().into())),
        }
    }
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self {
            failure: TransportFailure::NotSent,
            cause: Some(Spoken(error.into())),
        }
    }
}

const NO_THREAD: &str = "no thread could be had for the exchange";
