//! Drives one API call over reqwest.

use bytes::Bytes;
use edx_auth_driver::{
    ApiCall, ApiRequest, CallBody, CallStep, Timer, TokenError, TransportError, TransportFailure,
    Verdict,
};
use http::response::Parts;
use reqwest::{Body, Response, ResponseBuilderExt as _, Url};
use tokio::runtime::Handle;

use super::AuthorizedClient;
use super::body::PeekedBody;
use crate::Error;
use crate::classify::transport_error;

/// The body of a call.
pub(super) enum Payload {
    Bytes(Bytes),
    Once(Body),
}

impl Payload {
    pub(super) fn kind(&self) -> CallBody {
        match self {
            Self::Bytes(bytes) if bytes.is_empty() => CallBody::Empty,
            Self::Bytes(_) => CallBody::Repeatable,
            Self::Once(_) => CallBody::Once,
        }
    }

    /// Returns the body for one sending.
    fn next(&mut self) -> Body {
        match self {
            Self::Bytes(bytes) => Body::from(bytes.clone()),
            Self::Once(body) => std::mem::take(body),
        }
    }
}

/// A response that was looked at, and where it is from.
struct Received {
    head: Parts,
    url: Url,
    body: PeekedBody,
}

impl AuthorizedClient {
    /// Takes a call to its end: the response that the caller gets.
    pub(super) async fn run(
        &self,
        mut call: ApiCall,
        mut payload: Payload,
    ) -> Result<Response, Error> {
        Handle::try_current().map_err(Error::setup)?;
        let mut received = None;
        loop {
            match self.source.next_step(&mut call).await? {
                CallStep::Send(request) => match self.send(&call, request, payload.next()).await? {
                    Err(error) => call.on_failure(error),
                    Ok(response) => {
                        let head = &response.head;
                        call.on_response(head.status, &head.headers, response.body.beginning());
                        received = Some(response);
                    }
                },
                CallStep::Fail(error) => return Err(error.into()),
                CallStep::Wait(_) => {}
                CallStep::Deliver {
                    verdict,
                    token_error,
                } => {
                    let missing = "the call ended without a response";
                    let response = received.ok_or_else(|| Error::request(missing))?;
                    return Ok(response.deliver(verdict, token_error));
                }
            }
        }
    }

    /// Sends a request within its time. The outer error says that a client cannot be set up.
    async fn send(
        &self,
        call: &ApiCall,
        request: ApiRequest,
        body: Body,
    ) -> Result<Result<Received, TransportError>, Error> {
        let (timeout, connection) = (request.timeout(), request.connection());
        let client = self.connections.client(call.url(), connection);
        let client = client.ok_or_else(|| Error::setup("there is no client for this origin"))?;
        let request = match reqwest::Request::try_from(request.with_body(body)) {
            Ok(request) => request,
            Err(error) => return Ok(Err(transport_error(error))),
        };
        let asked = request.url().clone();
        let sent = Timer::after(timeout).limit(client.execute(request)).await;
        let response = match sent.map_err(Error::setup)? {
            None => return Ok(Err(TransportFailure::TimedOut.into())),
            Some(Err(error)) => return Ok(Err(transport_error(error))),
            Some(Ok(response)) => response,
        };
        if *response.url() != asked {
            return Ok(Err(TransportFailure::Redirected.into()));
        }
        let left = call.time_left(self.source.now());
        Ok(Ok(Received::of(response, left).await))
    }
}

impl Received {
    /// Looks at a response whose body has this much time left.
    async fn of(response: Response, left: std::time::Duration) -> Self {
        let url = response.url().clone();
        let (head, body) = http::Response::<Body>::from(response).into_parts();
        let mut body = PeekedBody::new(body, left);
        body.peek(ApiCall::peek_len(head.status)).await;
        Self { head, url, body }
    }

    /// Returns the whole response, with what it means among its extensions.
    fn deliver(mut self, verdict: Verdict, token_error: Option<TokenError>) -> Response {
        let extensions = &mut self.head.extensions;
        if let Some(error) = token_error {
            extensions.insert(error);
        }
        if verdict != Verdict::Success {
            extensions.insert(verdict);
        }
        let mut with_url = http::Response::builder().url(self.url);
        if let Some(url) = with_url.extensions_mut() {
            extensions.extend(std::mem::take(url));
        }
        http::Response::from_parts(self.head, Body::wrap(self.body)).into()
    }
}
