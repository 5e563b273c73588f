//! Drives one API call over reqwest.

use bytes::Bytes;
use edx_auth_driver::{
    ApiCall, ApiRequest, CallAction, Timer, TransportError, TransportFailure, TransportRules,
};
use http::Response;
use reqwest::{Body, ResponseBuilderExt as _, Url};
use tokio::runtime::Handle;

use super::AuthorizedClient;
use super::body::PeekedBody;
use crate::Error;
use crate::classify::transport_error;

/// The body of a call.
pub(super) type Payload = edx_auth_driver::Payload<Bytes, Body>;

impl AuthorizedClient {
    /// Drives a call to its end, and returns the response for its caller.
    pub(super) async fn run(
        &self,
        mut call: ApiCall,
        mut payload: Payload,
    ) -> Result<reqwest::Response, Error> {
        Handle::try_current().map_err(Error::setup)?;
        let mut received = None;
        loop {
            match self.source.next_action(&mut call).await? {
                CallAction::Send(request) => {
                    let result = self.send(&call, request, body(&mut payload)).await?;
                    received = call.on_result(result);
                }
                CallAction::Deliver(meaning) => {
                    let response = meaning.deliver(received)?;
                    return Ok(response.map(Body::wrap).into());
                }
            }
        }
    }

    /// Sends a request within its timeout. The inner error says that there is no acceptable response, the
    /// outer one that a client or a timer cannot be set up.
    async fn send(
        &self,
        call: &ApiCall,
        request: ApiRequest,
        body: Body,
    ) -> Result<Result<Response<PeekedBody>, TransportError>, Error> {
        let (timeout, connection) = (request.timeout(), request.connection());
        let client = self.connections.client(call.url(), connection)?;
        let request = match reqwest::Request::try_from(request.with_body(body)) {
            Ok(request) => request,
            Err(error) => return Ok(Err(transport_error(error))),
        };
        let asked = request.url().clone();
        let sent = Timer::after(timeout).limit(client.execute(request)).await;
        Ok(match sent.map_err(Error::setup)? {
            None => Err(TransportFailure::TimedOut.into()),
            Some(Err(error)) => Err(transport_error(error)),
            Some(Ok(response)) => match acceptable(&response, &asked) {
                Err(failure) => Err(failure.into()),
                Ok(()) => Ok(self.peeked(call, response).await?),
            },
        })
    }

    /// Reads the beginning of a response's body, which may take the rest of the call's time. The response
    /// keeps its URL.
    async fn peeked(
        &self,
        call: &ApiCall,
        response: reqwest::Response,
    ) -> Result<Response<PeekedBody>, Error> {
        let mut with_url = Response::builder().url(response.url().clone());
        let (mut head, body) = Response::<Body>::from(response).into_parts();
        if let Some(url) = with_url.extensions_mut() {
            head.extensions.extend(std::mem::take(url));
        }
        let mut body = PeekedBody::new(body, call.time_left(self.source.now()));
        let peeked = body.peek(ApiCall::peek_len(head.status)).await;
        peeked.map_err(Error::setup)?;
        Ok(Response::from_parts(head, body))
    }
}

/// Checks that a response comes from the URL of its request, and that its head is within the limits.
fn acceptable(response: &reqwest::Response, asked: &Url) -> Result<(), TransportFailure> {
    if response.url() == asked {
        TransportRules::check_head(response.headers())
    } else {
        Err(TransportFailure::Redirected)
    }
}

/// Returns the body for one sending.
fn body(payload: &mut Payload) -> Body {
    match payload {
        Payload::Bytes(bytes) => Body::from(bytes.clone()),
        Payload::Once(body) => std::mem::take(body),
    }
}
