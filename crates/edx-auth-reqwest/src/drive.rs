//! Drives one API call, over an HTTP client of reqwest or any other.

use edx_auth_driver::{
    ApiCall, ApiRequest, ApiUrl, CallAction, Timer, TransportError, TransportFailure,
    TransportRules,
};
use http::Response;
use http_body::Body;

use crate::body::PeekedBody;
use crate::tls::BoxError;
use crate::{Error, TokenSource};

/// What sends the requests of a call, each with the call's body.
pub(crate) trait Sender {
    /// The body of a response.
    type Body: Body<Error: Into<BoxError>> + Unpin;
    /// An error that ends the call.
    type Error: From<Error>;

    /// Sends a request to this URL, following no redirect. The inner error says that there is no response,
    /// which the core has to know about; the outer one ends the call.
    fn send(
        &mut self,
        url: &ApiUrl,
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
) -> Result<Response<PeekedBody<S::Body>>, S::Error> {
    let mut received = None;
    loop {
        match source.next_action(&mut call).await? {
            CallAction::Send(request) => {
                let response = match send(&call, request, &mut sender).await? {
                    Ok(response) => Ok(peeked(source, &call, response).await?),
                    Err(error) => Err(error),
                };
                received = call.on_result(response);
            }
            CallAction::Deliver(meaning) => return Ok(meaning.deliver(received)?),
        }
    }
}

/// Sends a request within its timeout. A response whose head exceeds the limits counts as none.
async fn send<S: Sender>(
    call: &ApiCall,
    request: ApiRequest,
    sender: &mut S,
) -> Result<Sent<Response<S::Body>>, S::Error> {
    let timer = Timer::after(request.timeout());
    let sent = timer.limit(sender.send(call.url(), request)).await;
    let Some(sent) = sent.map_err(Error::setup)? else {
        return Ok(Err(TransportFailure::TimedOut.into()));
    };
    Ok(sent?.and_then(|response| {
        TransportRules::check_head(response.headers())?;
        Ok(response)
    }))
}

/// Reads the beginning of a response's body, which may take the rest of the call's time.
async fn peeked<B: Body<Error: Into<BoxError>> + Unpin>(
    source: &TokenSource,
    call: &ApiCall,
    response: Response<B>,
) -> Result<Response<PeekedBody<B>>, Error> {
    let left = call.time_left(source.now());
    let mut response = response.map(|body| PeekedBody::new(body, left));
    let length = ApiCall::peek_len(response.status());
    let peeked = response.body_mut().peek(length).await;
    peeked.map_err(Error::setup)?;
    Ok(response)
}
