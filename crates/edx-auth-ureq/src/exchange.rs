//! One token exchange over ureq, under the core's rules.

use std::io::Read;

use edx_auth_core::{
    ExchangeError, FormBody, IssuedToken, TokenRequest, TransportFailure, TransportRules,
};
use http::{Request, Response, StatusCode};
use ureq::{Agent, Body};
use zeroize::Zeroizing;

use crate::failure;
use crate::send::send;
use crate::stack::agent;

/// Asks for one token: one request, whatever comes of it.
///
/// No redirect is followed, the body and the time it may take are bounded, and nothing is kept: no
/// connection, no cookie, no token.
///
/// # Errors
/// Where no token came; [`ExchangeError::advice`] says what to do.
///
/// # Panics
/// Where the process has no thread left: ureq looks names up on one. A
/// [`TokenSource`](crate::TokenSource) makes an error of that.
///
/// ```no_run
/// use edx_auth_ureq::{ClientCredentials, TokenEndpoint, TokenRequest};
///
/// let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// let issued = edx_auth_ureq::exchange(&TokenRequest::new(TokenEndpoint::edx(), credentials))?;
/// println!("a {} token for {:?}", issued.token().token_type(), issued.lifetime());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn exchange(request: &TokenRequest) -> Result<IssuedToken, ExchangeError> {
    exchange_over(&agent(None), request)
}

/// The same over some agent, with the rules laid over its own settings.
pub(crate) fn exchange_over(
    agent: &Agent,
    request: &TokenRequest,
) -> Result<IssuedToken, ExchangeError> {
    let (to_send, exchange) = request.begin();
    match carry(agent, to_send, exchange.rules()) {
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

/// An exchange without a complete reply, and what ureq said of it.
struct Broken {
    failure: TransportFailure,
    cause: Option<ureq::Error>,
}

fn carry(
    agent: &Agent,
    request: Request<FormBody>,
    rules: TransportRules,
) -> Result<Response<Zeroizing<Vec<u8>>>, Broken> {
    let (head, form) = request.into_parts();
    let request = Request::from_parts(head, form.as_ref());
    let reply = send(agent, request, &rules.into())?;
    let (head, body) = reply.into_parts();
    let body = read(body, rules.body_limit(), head.status)?;
    Ok(Response::from_parts(head, body))
}

/// The whole body, in one buffer that is wiped and, being large enough from the start, leaves no
/// copy behind.
fn read(body: Body, limit: usize, status: StatusCode) -> Result<Zeroizing<Vec<u8>>, Broken> {
    let announced = body
        .content_length()
        .and_then(|length| usize::try_from(length).ok());
    let room = announced.unwrap_or(limit).min(limit) + 1;
    let mut read = Zeroizing::new(Vec::with_capacity(room));
    // ureq's own limit counts bytes on the wire; the one that counts decoded bytes is `take`.
    let past_limit = limit as u64 + 1;
    let reader = body.into_with_config().limit(past_limit + 1).reader();
    reader
        .take(past_limit)
        .read_to_end(&mut read)
        .map_err(ureq::Error::from)?;
    if read.len() > limit {
        return Err(Broken {
            failure: TransportFailure::TooLarge { status },
            cause: None,
        });
    }
    Ok(read)
}

impl From<ureq::Error> for Broken {
    fn from(error: ureq::Error) -> Self {
        Self {
            failure: failure::of(&error),
            cause: Some(error),
        }
    }
}
