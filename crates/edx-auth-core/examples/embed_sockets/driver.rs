//! A token source for a frame loop: every verb returns at once, and what is under way moves on by
//! [`Driver::poll`].

#[path = "call.rs"]
pub(crate) mod call;
#[path = "../embedding/clock.rs"]
pub(crate) mod clock;
#[path = "../embedding/contract.rs"]
pub(crate) mod contract;
#[path = "../embedding/errand.rs"]
pub(crate) mod errand;
#[path = "../embedding/outgoing.rs"]
pub(crate) mod outgoing;
#[path = "reply.rs"]
mod reply;
#[path = "transfer.rs"]
pub(crate) mod transfer;

use std::task::Poll;
use std::time::Duration;

use edx_auth_core::{
    Attempt, FormBody, LiveToken, Moment, Need, Origins, RenewalPolicy, Step, TokenError,
    TokenLifecycle, WaitBudget, WaitDecision,
};
use http::Request;

use contract::Reply;
use errand::{Errand, Identity};
use transfer::Transfer;

/// One token for the whole program, and the attempt to get the next one.
pub(crate) struct Driver {
    lifecycle: TokenLifecycle,
    identity: Box<Identity>,
    origins: Origins,
    under_way: Option<(Errand, Transfer)>,
}

/// What one caller wants, and until when it waits for it.
pub(crate) struct Ask {
    need: Need,
    budget: WaitBudget,
}

impl Ask {
    pub(crate) fn new(need: Need, timeout: Duration, now: Moment) -> Self {
        let budget = WaitBudget::new(timeout, now);
        Self { need, budget }
    }

    /// For any token that may be used.
    pub(crate) fn token(timeout: Duration, now: Moment) -> Self {
        Self::new(Need::any(), timeout, now)
    }
}

impl Driver {
    /// The identity is asked in the middle of a frame: it must not wait for anything.
    pub(crate) fn new(identity: Box<Identity>, policy: RenewalPolicy, origins: Origins) -> Self {
        Self {
            lifecycle: TokenLifecycle::new(policy),
            identity,
            origins,
            under_way: None,
        }
    }

    /// No lock: there is one thread.
    pub(crate) fn lifecycle(&mut self) -> &mut TokenLifecycle {
        &mut self.lifecycle
    }

    /// Moves the attempt on, if there is one: once in every frame, whoever waits for it.
    pub(crate) fn poll(&mut self, now: Moment) {
        let Some((errand, mut transfer)) = self.under_way.take() else {
            return;
        };
        match transfer.poll(now) {
            Poll::Pending => self.under_way = Some((errand, transfer)),
            Poll::Ready(reply) => self.end(errand, reply, now),
        }
    }

    /// A token or a reason, if there is one by now; else ask again in the next frame.
    pub(crate) fn ask(&mut self, ask: &Ask, now: Moment) -> Poll<Result<LiveToken, TokenError>> {
        let step = self.lifecycle.step_for(ask.need, now);
        let decision = ask.budget.next(&step, now);
        match step {
            Step::Use(token) => Poll::Ready(Ok(token)),
            Step::Renew(token, attempt) => {
                self.start(attempt, now);
                Poll::Ready(Ok(token))
            }
            Step::Fetch(attempt) => {
                self.start(attempt, now);
                Poll::Pending
            }
            Step::Join { .. } | Step::Pause { .. } => match decision {
                WaitDecision::GiveUp(error) => Poll::Ready(Err(error)),
                // How long does not matter: the next frame comes anyway.
                WaitDecision::Wait(_) | WaitDecision::Proceed => Poll::Pending,
            },
        }
    }

    fn start(&mut self, attempt: Attempt, now: Moment) {
        let asked = (self.identity)();
        if let Some((request, errand)) = Errand::begin(attempt, asked, &mut self.lifecycle, now) {
            self.send(&request, errand, now);
        }
    }

    fn send(&mut self, request: &Request<FormBody>, errand: Errand, now: Moment) {
        match Transfer::start(request, errand.terms(), now) {
            Ok(transfer) => self.under_way = Some((errand, transfer)),
            Err(fault) => self.end(errand, Err(fault), now),
        }
    }

    fn end(&mut self, errand: Errand, reply: Reply, now: Moment) {
        let ended = errand.end(reply, &*self.identity);
        if let Some((request, errand)) = ended.settle(&mut self.lifecycle, now) {
            self.send(&request, errand, now);
        }
    }
}
