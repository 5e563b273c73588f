//! Drives one API call, over an HTTP client of reqwest or any other.

use std::time::Duration;

use edx_auth_driver::{
    ApiCall, ApiRequest, CallAction, Timer, TransportError, TransportFailure, TransportRules,
};
use http::Response;
use http_body::Body;

use crate::body::PeekedBody;
use crate::tls::BoxError;
use crate::{Error, TokenSource};

/// What sends the requests of a call, each with the call's body.
pub(crate) trait Sender {
    /// The body of a response, and its beginning if that was read.
    type Body: AsRef<[u8]>;
    /// An error that ends the call.
    type Error: From<Error>;

    /// Sends a request of this call within its timeout, following no redirect, and reads as much of the
    /// response's body as the call looks at. The inner error says that there is no response, which the core
    /// has to know about; the outer one ends the call.
    fn send(
        &mut self,
        request: ApiRequest,
    ) -> impl Future<Output = Result<Sent<Response<Self::Body>>, Self::Error>> + Send;
}

/// A response, or why there is none.
pub(crate) type Sent<T> = Result<T, TransportError>;

/// Drives a call to its end, and returns the response for its caller.
pub(crate) async fn drive<S: Sender>(
    source: &TokenSource,
    mut call: ApiCall,
    mut sender: S,
) -> Result<Response<S::Body>, S::Error> {
    let mut received = None;
    loop {
        match source.next_action(&mut call).await? {
            CallAction::Send(request) => {
                let sent = sender.send(request).await?;
                received = call.on_result(sent.and_then(checked));
            }
            CallAction::Deliver(meaning) => return Ok(meaning.deliver(received)?),
        }
    }
}

/// Returns a response whose head is within the limits.
fn checked<B>(response: Response<B>) -> Sent<Response<B>> {
    TransportRules::check_head(response.headers())?;
    Ok(response)
}

/// Returns the response of a request that is sent within this time, with the beginning of its body. The rest of
/// the body has to come within that time too.
pub(crate) async fn within<B, E>(
    timeout: Duration,
    sending: impl Future<Output = Result<Sent<Response<B>>, E>>,
) -> Result<Sent<Response<PeekedBody<B>>>, E>
where
    B: Body<Error: Into<BoxError>> + Unpin,
    E: From<Error>,
{
    let mut timer = Timer::after(timeout);
    match timer.limit(sending).await.map_err(Error::setup)? {
        None => Ok(Err(TransportFailure::TimedOut.into())),
        Some(sent) => match sent? {
            Ok(response) => Ok(Ok(peeked(response, timer).await?)),
            Err(error) => Ok(Err(error)),
        },
    }
}

/// Reads the beginning of a response's body, which ends with this timer.
pub(crate) async fn peeked<B: Body<Error: Into<BoxError>> + Unpin>(
    response: Response<B>,
    timer: Timer,
) -> Result<Response<PeekedBody<B>>, Error> {
    let mut response = response.map(|body| PeekedBody::new(body, timer));
    let length = ApiCall::peek_len(response.status());
    let peeked = response.body_mut().peek(length).await;
    peeked.map_err(Error::setup)?;
    Ok(response)
}
