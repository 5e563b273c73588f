//! One call, sent as often as it takes.

use std::io::Read;
use std::time::Duration;

use edx_auth_core::{ApiCall, CallStep, LiveToken, Redirect, Verdict};
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method, Request, Response};
use ureq::{AsSendBody, Body, SendBody};

use super::AuthorizedClient;
use super::deadline::Deadline;
use super::draft::Draft;
use super::reply::Reply;
use super::successor::successor;
use crate::Error;
use crate::send::{Connection, Terms, send};

/// What goes out with each sending of one call.
pub(super) struct Outgoing<'a> {
    headers: HeaderMap,
    payload: Payload<'a>,
    deadline: Deadline,
    connection: Connection,
}

/// The body.
pub(super) enum Payload<'a> {
    Nothing,
    Bytes(&'a [u8]),
    Once(&'a mut (dyn Read + Send)),
}

impl<'a> Payload<'a> {
    pub(super) fn of(bytes: &'a [u8]) -> Self {
        if bytes.is_empty() {
            Self::Nothing
        } else {
            Self::Bytes(bytes)
        }
    }
}

impl<'a> Outgoing<'a> {
    pub(super) fn new(headers: HeaderMap, payload: Payload<'a>, deadline: Deadline) -> Self {
        Self {
            headers: Draft::with_manners(headers),
            payload,
            deadline,
            connection: Connection::Kept,
        }
    }

    /// What is sent now, with the token in place of any other.
    fn head(&self, call: &ApiCall, token: &LiveToken) -> Request<()> {
        let mut request = Request::new(());
        *request.method_mut() = call.method().clone();
        *request.uri_mut() = call.url().uri().clone();
        *request.headers_mut() = self.headers.clone();
        let authorization = token.authorization().clone();
        request.headers_mut().insert(AUTHORIZATION, authorization);
        request
    }

    fn terms(&self, call: &ApiCall) -> Terms {
        Terms {
            https_only: call.url().is_https(),
            deadline: self.deadline.left(),
            connect_deadline: CONNECT_DEADLINE,
            head_limit: HEAD_LIMIT,
            connection: self.connection,
        }
    }

    fn adapt_to(&mut self, redirect: Redirect) {
        redirect.adapt(&mut self.headers);
        if !redirect.keeps_body() {
            self.payload = Payload::Nothing;
        }
    }
}

impl AuthorizedClient {
    /// Carries a call to its end: the reply that its caller gets.
    pub(super) fn carry(
        &self,
        mut call: ApiCall,
        mut outgoing: Outgoing<'_>,
    ) -> Result<Response<Body>, Error> {
        let patience = outgoing.deadline.left().min(self.source.patience());
        let mut token = self.source.token_within(patience)?;
        loop {
            let mut reply = self.send(&mut call, &mut outgoing, &token)?;
            if reply.is_success() {
                return Ok(reply.put_back());
            }
            reply.peek();
            let (status, headers, beginning) = reply.told();
            match call.answered(status, headers, beginning) {
                CallStep::Deliver(verdict) => return Ok(self.deliver(reply, verdict, &token)),
                CallStep::Follow(redirect) => outgoing.adapt_to(redirect),
                CallStep::Replay => match successor(&self.source, &token, outgoing.deadline) {
                    Some(newer) => token = newer,
                    None => return Ok(reply.with(Verdict::StaleToken).put_back()),
                },
            }
        }
    }

    /// The reply is the caller's; of a refused token its source is told.
    fn deliver(&self, reply: Reply, verdict: Verdict, token: &LiveToken) -> Response<Body> {
        if verdict == Verdict::StaleToken {
            let _refusal = self.source.invalidate(token);
        }
        reply.with(verdict).put_back()
    }

    /// Sends a call, and once more, over a new connection, where it survives that.
    fn send(
        &self,
        call: &mut ApiCall,
        outgoing: &mut Outgoing<'_>,
        token: &LiveToken,
    ) -> Result<Reply, Error> {
        loop {
            match self.send_once(call, outgoing, token) {
                Err(Error::Call { failure, .. }) if call.survives(failure) => {
                    outgoing.connection = Connection::New;
                }
                outcome => return outcome,
            }
        }
    }

    fn send_once(
        &self,
        call: &ApiCall,
        outgoing: &mut Outgoing<'_>,
        token: &LiveToken,
    ) -> Result<Reply, Error> {
        let (request, terms) = (outgoing.head(call, token), outgoing.terms(call));
        let says_its_length = NEVER_WITHOUT_A_BODY.contains(call.method());
        let sent = match &mut outgoing.payload {
            Payload::Nothing if says_its_length => self.send_with(request, &[][..], &terms),
            Payload::Nothing => self.send_with(request, (), &terms),
            Payload::Bytes(bytes) => self.send_with(request, *bytes, &terms),
            Payload::Once(body) => self.send_with(request, SendBody::from_reader(body), &terms),
        };
        let reply = sent.map_err(|fault| Error::call(call.url(), fault))?;
        Ok(Reply::of(reply))
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

/// Without a body these say so, or a server may wait for one.
const NEVER_WITHOUT_A_BODY: [Method; 3] = [Method::POST, Method::PUT, Method::PATCH];

const CONNECT_DEADLINE: Duration = Duration::from_secs(5);

/// APIs behind proxies and caches say a lot.
const HEAD_LIMIT: usize = 64 * 1024;
