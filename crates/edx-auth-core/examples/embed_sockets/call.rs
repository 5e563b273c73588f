//! An API call that moves on frame by frame: its token, its sendings, its redirects and the one
//! replay.

use std::task::Poll;
use std::time::Duration;

use edx_auth_core::{CallStep, LiveToken, Moment, UrlError, Verdict};
use http::{Request, Response};

use super::contract::{Reply, Terms};
use super::outgoing::{CallError, Outgoing, after, with_verdict};
use super::transfer::Transfer;
use super::{Ask, Driver};

/// One call, from its token to its reply.
pub(crate) struct Call {
    outgoing: Outgoing,
    until: Duration,
    state: State,
}

enum State {
    /// From some moment on it asks for a token; where it had one that was refused, the refusal is
    /// the reply if no other comes.
    Asking {
        from: Duration,
        ask: Ask,
        refusal: Option<Response<Vec<u8>>>,
    },
    Sending(LiveToken, Transfer),
}

type Outcome = Result<Response<Vec<u8>>, CallError>;

impl Call {
    /// To be over after so long: with the wait for its token, with redirects and a replay, and to
    /// the last byte of its reply.
    pub(crate) fn new(
        request: Request<Vec<u8>>,
        timeout: Duration,
        driver: &Driver,
        now: Moment,
    ) -> Result<Self, UrlError> {
        Ok(Self {
            outgoing: Outgoing::new(request, driver.origins.clone())?,
            until: now.monotonic.saturating_add(timeout),
            state: State::Asking {
                from: now.monotonic,
                ask: Ask::token(timeout, now),
                refusal: None,
            },
        })
    }

    /// The reply, if it is there by now. Poll the driver too.
    pub(crate) fn poll(&mut self, driver: &mut Driver, now: Moment) -> Poll<Outcome> {
        match &mut self.state {
            State::Asking { from, .. } if now.monotonic < *from => Poll::Pending,
            State::Asking { ask, refusal, .. } => match driver.ask(ask, now) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(Ok(token)) => self.send(token, now),
                Poll::Ready(Err(error)) => Poll::Ready(refusal.take().ok_or_else(|| error.into())),
            },
            State::Sending(token, transfer) => match transfer.poll(now) {
                Poll::Pending => Poll::Pending,
                Poll::Ready(reply) => {
                    let token = token.clone();
                    self.read(reply, token, driver, now)
                }
            },
        }
    }

    fn send(&mut self, token: LiveToken, now: Moment) -> Poll<Outcome> {
        let request = self.outgoing.request(&token);
        let terms = Terms::of_call(
            self.outgoing.url(),
            self.until.saturating_sub(now.monotonic),
        );
        match Transfer::start(&request, terms, now) {
            Ok(transfer) => {
                self.state = State::Sending(token, transfer);
                Poll::Pending
            }
            Err(fault) => Poll::Ready(Err(self.outgoing.broken(fault))),
        }
    }

    fn read(
        &mut self,
        reply: Reply,
        token: LiveToken,
        driver: &mut Driver,
        now: Moment,
    ) -> Poll<Outcome> {
        let reply = match reply {
            Err(fault) if self.outgoing.survives(&fault) => return self.send(token, now),
            Err(fault) => return Poll::Ready(Err(self.outgoing.broken(fault))),
            Ok(reply) => reply,
        };
        match self.outgoing.answered(&reply) {
            CallStep::Follow(_) => self.send(token, now),
            CallStep::Replay => self.replay(reply, &token, driver, now),
            CallStep::Deliver(verdict) => {
                if verdict == Verdict::TokenRejected {
                    let _invalidation = driver.lifecycle.invalidate(token.generation(), now);
                }
                Poll::Ready(Ok(with_verdict(reply, verdict)))
            }
        }
    }

    fn replay(
        &mut self,
        reply: Response<Vec<u8>>,
        token: &LiveToken,
        driver: &mut Driver,
        now: Moment,
    ) -> Poll<Outcome> {
        let invalidation = driver.lifecycle.invalidate(token.generation(), now);
        let (wait, need) = after(invalidation, token);
        let left = self.until.saturating_sub(now.monotonic);
        let reply = with_verdict(reply, Verdict::TokenRejected);
        if wait >= left {
            return Poll::Ready(Ok(reply));
        }
        self.state = State::Asking {
            from: now.monotonic + wait,
            ask: Ask::new(need, left, now),
            refusal: Some(reply),
        };
        Poll::Pending
    }
}
