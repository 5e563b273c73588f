//! One call, sent as often as it takes.

use std::io::Read;
use std::time::Duration;

use edx_auth_core::{ApiCall, CallStep, Invalidation, LiveToken, Redirect, TokenError, Verdict};
use http::header::{AUTHORIZATION, CONTENT_LENGTH};
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
    pub(super) fn new(mut headers: HeaderMap, payload: Payload<'a>, deadline: Deadline) -> Self {
        if !matches!(payload, Payload::Once(_)) {
            headers.remove(CONTENT_LENGTH); // The stack counts, and a wrong one would hang.
        }
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
        let timeout = outgoing.deadline.left().min(self.source.token_timeout());
        let mut token = self.source.token_within(timeout)?;
        loop {
            let mut reply = self.send(&mut call, &mut outgoing, &token)?;
            if reply.is_success() {
                return Ok(reply.put_back());
            }
            if reply.is_error() {
                reply.peek();
            }
            let (status, headers, beginning) = reply.told();
            match call.answered(status, headers, beginning) {
                CallStep::Follow(redirect) => outgoing.adapt_to(redirect),
                CallStep::Deliver(Verdict::TokenRejected) => {
                    if call.was_replayed() {
                        let _refusal = self.source.invalidate(&token);
                    } else {
                        self.replace(&token, outgoing.deadline);
                    }
                    return Ok(reply.with(Verdict::TokenRejected).put_back());
                }
                CallStep::Deliver(verdict) => return Ok(reply.with(verdict).put_back()),
                CallStep::Replay => match successor(&self.source, &token, outgoing.deadline) {
                    Ok(newer) => token = newer,
                    Err(why) => return Ok(unreplayed(reply, why)),
                },
            }
        }
    }

    /// Sees to a newer token for whatever comes after a call that cannot be replayed.
    fn replace(&self, refused: &LiveToken, deadline: Deadline) {
        if let Invalidation::WillRenew { .. } = self.source.invalidate(refused) {
            // Where there is none either, the next call says so.
            let _newer = self.source.newer_within(refused, deadline.left());
        }
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
                Err(Error::Transport { failure, .. }) if call.survives(failure) => {
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
        let reply = sent.map_err(|fault| Error::transport(call.url(), fault))?;
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

/// A refusal as its caller gets it: with the reason why there is no newer token, if that is known.
fn unreplayed(reply: Reply, why: Option<TokenError>) -> Response<Body> {
    let reply = reply.with(Verdict::TokenRejected);
    match why {
        Some(why) => reply.with(why).put_back(),
        None => reply.put_back(),
    }
}

/// Without a body these say so, or a server may wait for one.
const NEVER_WITHOUT_A_BODY: [Method; 3] = [Method::POST, Method::PUT, Method::PATCH];

const CONNECT_DEADLINE: Duration = Duration::from_secs(5);

/// APIs behind proxies and caches say a lot.
const HEAD_LIMIT: usize = 64 * 1024;
