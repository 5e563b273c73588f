//! Drives one API call over ureq.

use std::io::Read;

use edx_auth_driver::{ApiCall, ApiRequest, CallAction, TransportError};
use http::header::CONTENT_LENGTH;
use http::{Request, Response};
use ureq::{AsSendBody, Body, SendBody};

use super::AuthorizedClient;
use super::body::PeekedBody;
use crate::Error;
use crate::classify::transport_error;
use crate::send::{Terms, send};

/// The body of a call.
pub(super) type Payload<'a> = edx_auth_driver::Payload<Vec<u8>, Box<dyn Read + Send + 'a>>;

impl AuthorizedClient {
    /// Drives a call to its end, and returns the response for its caller.
    pub(super) fn run(
        &self,
        mut call: ApiCall,
        mut payload: Payload<'_>,
    ) -> Result<Response<Body>, Error> {
        let mut received = None;
        loop {
            match self.source.next_action(&mut call)? {
                CallAction::Send(request) => {
                    received = call.on_result(self.send(request, &mut payload));
                }
                CallAction::Deliver(meaning) => {
                    return Ok(meaning.deliver(received)?.map(PeekedBody::into_body));
                }
            }
        }
    }

    fn send(
        &self,
        request: ApiRequest,
        payload: &mut Payload<'_>,
    ) -> Result<Response<PeekedBody>, TransportError> {
        let terms = Terms::from(&request);
        let (has_body, head) = (request.has_body(), request.with_body(()));
        match payload {
            _ if !has_body && head.headers().contains_key(CONTENT_LENGTH) => {
                self.send_with(head, &[][..], &terms)
            }
            _ if !has_body => self.send_with(head, (), &terms),
            Payload::Bytes(bytes) => self.send_with(head, &bytes[..], &terms),
            Payload::Once(body) => self.send_with(head, SendBody::from_reader(body), &terms),
        }
    }

    fn send_with(
        &self,
        request: Request<()>,
        body: impl AsSendBody,
        terms: &Terms,
    ) -> Result<Response<PeekedBody>, TransportError> {
        let response = send(&self.agent, request.map(|()| body), terms);
        let response = response.map_err(transport_error)?;
        let length = ApiCall::peek_len(response.status());
        Ok(response.map(|body| PeekedBody::peek(body, length)))
    }
}
