//! One call, sent as often as it takes.

use bytes::Bytes;
use edx_auth_core::{
    ApiCall, CallStep, Invalidation, LiveToken, Redirect, TokenError, TransportFailure, Verdict,
};
use http::header::{AUTHORIZATION, CONTENT_LENGTH};
use http::{HeaderMap, HeaderValue, Method, Request};
use reqwest::{Body, Response};
use tokio::runtime::Handle;

use super::AuthorizedClient;
use super::connections::Connection;
use super::deadline::Deadline;
use super::draft::Draft;
use super::reply::Reply;
use super::successor::successor;
use crate::Error;
use crate::alarm::Alarm;

/// What goes out with each sending of one call.
pub(super) struct Outgoing {
    headers: HeaderMap,
    payload: Payload,
    deadline: Deadline,
    connection: Connection,
}

/// The body.
pub(super) enum Payload {
    Nothing,
    Bytes(Bytes),
    Once(Body),
}

impl Payload {
    pub(super) fn of(bytes: Bytes) -> Self {
        if bytes.is_empty() {
            Self::Nothing
        } else {
            Self::Bytes(bytes)
        }
    }

    fn is_nothing(&self) -> bool {
        matches!(self, Self::Nothing)
    }

    /// The body of one sending; of a body that can be sent once, the only one.
    fn next(&mut self) -> Body {
        match self {
            Self::Nothing => Body::default(),
            Self::Bytes(bytes) => Body::from(bytes.clone()),
            Self::Once(body) => {
                let body = std::mem::take(body);
                *self = Self::Nothing;
                body
            }
        }
    }
}

impl Outgoing {
    pub(super) fn new(mut headers: HeaderMap, payload: Payload, deadline: Deadline) -> Self {
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
    fn next(
        &mut self,
        call: &ApiCall,
        token: &LiveToken,
    ) -> Result<reqwest::Request, reqwest::Error> {
        let says_its_length =
            self.payload.is_nothing() && NEVER_WITHOUT_A_BODY.contains(call.method());
        let mut request = Request::new(self.payload.next());
        *request.method_mut() = call.method().clone();
        *request.uri_mut() = call.url().uri().clone();
        *request.headers_mut() = self.headers.clone();
        let authorization = token.authorization().clone();
        request.headers_mut().insert(AUTHORIZATION, authorization);
        if says_its_length {
            let nothing = HeaderValue::from_static("0");
            request.headers_mut().insert(CONTENT_LENGTH, nothing);
        }
        reqwest::Request::try_from(request)
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
    pub(super) async fn carry(
        &self,
        mut call: ApiCall,
        mut outgoing: Outgoing,
    ) -> Result<Response, Error> {
        Handle::try_current().map_err(|missing| Error::setup(missing.into()))?;
        let timeout = outgoing.deadline.left().min(self.source.token_timeout());
        let mut token = self.source.token_within(timeout).await?;
        loop {
            let mut reply = self.send(&mut call, &mut outgoing, &token).await?;
            if reply.is_success() {
                return Ok(reply.put_back());
            }
            if reply.is_error() {
                reply.peek().await;
            }
            let (status, headers, beginning) = reply.told();
            match call.answered(status, headers, beginning) {
                CallStep::Follow(redirect) => outgoing.adapt_to(redirect),
                CallStep::Deliver(Verdict::TokenRejected) => {
                    if call.was_replayed() {
                        let _refusal = self.source.invalidate(&token);
                    } else {
                        self.replace(&token, outgoing.deadline).await;
                    }
                    return Ok(reply.with(Verdict::TokenRejected).put_back());
                }
                CallStep::Deliver(verdict) => return Ok(reply.with(verdict).put_back()),
                CallStep::Replay => {
                    match successor(&self.source, &token, outgoing.deadline).await {
                        Ok(newer) => token = newer,
                        Err(why) => return Ok(unreplayed(reply, why)),
                    }
                }
            }
        }
    }

    /// Sees to a newer token for whatever comes after a call that cannot be replayed.
    async fn replace(&self, refused: &LiveToken, deadline: Deadline) {
        if let Invalidation::WillRenew { .. } = self.source.invalidate(refused) {
            // Where there is none either, the next call says so.
            let _newer = self.source.newer_within(refused, deadline.left()).await;
        }
    }

    /// Sends a call, and once more, over a new connection, where it survives that.
    async fn send(
        &self,
        call: &mut ApiCall,
        outgoing: &mut Outgoing,
        token: &LiveToken,
    ) -> Result<Reply, Error> {
        loop {
            match self.send_once(call, outgoing, token).await {
                Err(Error::Transport { failure, .. }) if call.survives(failure) => {
                    outgoing.connection = Connection::New;
                }
                outcome => return outcome,
            }
        }
    }

    async fn send_once(
        &self,
        call: &ApiCall,
        outgoing: &mut Outgoing,
        token: &LiveToken,
    ) -> Result<Reply, Error> {
        let (url, deadline) = (call.url(), outgoing.deadline);
        let request = outgoing.next(call, token);
        let request = request.map_err(|fault| Error::transport(url, fault))?;
        let asked = request.url().clone();
        if deadline.left().is_zero() {
            return Err(Error::failed(url, TransportFailure::TimedOut));
        }
        let client = self.connections.client(url, outgoing.connection);
        let client = client.ok_or_else(|| Error::setup(NO_CLIENT.into()))?;
        let sent = Alarm::after(deadline.left()).limit(client.execute(request));
        let sent = sent.await.map_err(|fault| Error::setup(fault.into()))?;
        let reply = sent.ok_or_else(|| Error::failed(url, TransportFailure::TimedOut))?;
        let reply = reply.map_err(|fault| Error::transport(url, fault))?;
        if *reply.url() != asked {
            return Err(Error::failed(url, TransportFailure::Redirected));
        }
        Ok(Reply::of(reply, deadline.left()))
    }
}

/// A refusal as its caller gets it: with the reason why there is no newer token, if that is known.
fn unreplayed(reply: Reply, why: Option<TokenError>) -> Response {
    let reply = reply.with(Verdict::TokenRejected);
    match why {
        Some(why) => reply.with(why).put_back(),
        None => reply.put_back(),
    }
}

/// Without a body these say so, or a server may wait for one.
const NEVER_WITHOUT_A_BODY: [Method; 3] = [Method::POST, Method::PUT, Method::PATCH];

const NO_CLIENT: &str = "there is no client for this origin";
