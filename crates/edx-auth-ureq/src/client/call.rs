//! Drives one API call over ureq.

use std::io::Read;

use edx_auth_driver::{ApiCall, ApiRequest, CallBody, CallStep, Problem, TokenError, Verdict};
use http::header::CONTENT_LENGTH;
use http::response::Parts;
use http::{Request, Response};
use ureq::{AsSendBody, Body, SendBody};

use super::AuthorizedClient;
use super::body::PeekedBody;
use crate::Error;
use crate::classify::transport_error;
use crate::send::{Terms, send};

/// The body of a call.
pub(super) enum Payload<'a> {
    Bytes(&'a [u8]),
    Once(&'a mut (dyn Read + Send)),
}

impl Payload<'_> {
    pub(super) fn kind(&self) -> CallBody {
        match self {
            Self::Bytes([]) => CallBody::Empty,
            Self::Bytes(_) => CallBody::Repeatable,
            Self::Once(_) => CallBody::Once,
        }
    }
}

/// A response that was looked at.
struct Received {
    head: Parts,
    body: PeekedBody,
}

impl AuthorizedClient {
    /// Takes a call to its end: the response that the caller gets.
    pub(super) fn run(
        &self,
        mut call: ApiCall,
        mut payload: Payload<'_>,
    ) -> Result<Response<Body>, Error> {
        let mut received = None;
        loop {
            match self.source.next_step(&mut call) {
                CallStep::Send(request) => match self.send(request, &mut payload) {
                    Ok(response) => {
                        let response = Received::of(response);
                        let head = &response.head;
                        call.on_response(head.status, &head.headers, response.body.beginning());
                        received = Some(response);
                    }
                    Err(error) => call.on_failure(transport_error(error)),
                },
                CallStep::Deliver {
                    verdict,
                    token_error,
                } => {
                    let response = received.ok_or_else(|| Error::request(NO_RESPONSE))?;
                    return Ok(response.deliver(verdict, token_error));
                }
                CallStep::Fail(error) => return Err(error.into()),
                CallStep::Wait(_) => {}
            }
        }
    }

    fn send(
        &self,
        request: ApiRequest,
        payload: &mut Payload<'_>,
    ) -> Result<Response<Body>, ureq::Error> {
        let terms = Terms::from(&request);
        let (has_body, head) = (request.has_body(), request.with_body(()));
        match payload {
            _ if !has_body && head.headers().contains_key(CONTENT_LENGTH) => {
                self.send_with(head, &[][..], &terms)
            }
            _ if !has_body => self.send_with(head, (), &terms),
            Payload::Bytes(bytes) => self.send_with(head, *bytes, &terms),
            Payload::Once(body) => self.send_with(head, SendBody::from_reader(body), &terms),
        }
    }

    fn send_with(
        &self,
        request: Request<()>,
        body: impl AsSendBody,
        terms: &Terms,
    ) -> Result<Response<Body>, ureq::Error> {
        send(&self.agent, request.map(|()| body), terms)
    }
}

impl Received {
    fn of(response: Response<Body>) -> Self {
        let (head, body) = response.into_parts();
        let body = PeekedBody::peek(body, ApiCall::peek_len(head.status));
        Self { head, body }
    }

    /// Returns the whole response, with what it means among its extensions.
    fn deliver(self, verdict: Verdict, token_error: Option<TokenError>) -> Response<Body> {
        let problem = Problem::of(self.head.status, self.body.beginning());
        let mut response = Response::from_parts(self.head, self.body.into_body());
        if verdict != Verdict::Success {
            response.extensions_mut().insert(verdict);
            response.extensions_mut().insert(problem);
        }
        if let Some(error) = token_error {
            response.extensions_mut().insert(error);
        }
        response
    }
}

const NO_RESPONSE: &str = "the call ended without a response";
