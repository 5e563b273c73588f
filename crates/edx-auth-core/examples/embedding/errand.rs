//! One attempt to get a token, from its election to its end, without the sending.

use edx_auth_core::{
    Attempt, ErrorCode, ExchangeError, FormBody, IssuedToken, Moment, RenewalReason, Step,
    TokenExchange, TokenLifecycle, TokenRequest,
};
use http::{Request, Response};

use super::clock::chance;
use super::contract::{Reply, Terms};

/// Who the program is and what it asks for, as of now: a site that gives out a new pair refuses the
/// old one from that moment on.
pub(crate) type Identity = dyn Fn() -> TokenRequest + Send + Sync;

/// An attempt whose request is on its way.
pub(crate) struct Errand {
    attempt: Attempt,
    asked: TokenRequest,
    exchange: TokenExchange,
    pairs: Pairs,
}

/// How an errand ended, before the lifecycle knows.
pub(crate) struct Ended {
    attempt: Attempt,
    result: Result<IssuedToken, ExchangeError>,
    other: Option<TokenRequest>,
}

/// Whether another pair may still be tried. Once: two that waver would ask for ever.
#[derive(PartialEq, Eq)]
enum Pairs {
    OneMore,
    Last,
}

impl Errand {
    /// The request to send now; nothing where the attempt counts no longer.
    pub(crate) fn begin(
        attempt: Attempt,
        asked: TokenRequest,
        lifecycle: &mut TokenLifecycle,
        now: Moment,
    ) -> Option<(Request<FormBody>, Self)> {
        let attempt = lifecycle.begin(attempt, now).ok()?;
        let (request, exchange) = asked.begin();
        let errand = Self {
            attempt,
            asked,
            exchange,
            pairs: Pairs::OneMore,
        };
        Some((request, errand))
    }

    pub(crate) fn terms(&self) -> Terms {
        self.exchange.rules().into()
    }

    /// Reads what came. Asks the program for its pair again where the site does not know this one.
    pub(crate) fn end(self, reply: Reply, identity: &Identity) -> Ended {
        let result = match reply {
            Ok(reply) => {
                let (head, body) = reply.into_parts();
                self.exchange
                    .finish(Response::from_parts(head, body.as_slice()))
            }
            Err(fault) => {
                let error = self.exchange.fail(fault.failure);
                Err(match fault.cause {
                    Some(cause) => error.with_cause(cause),
                    None => error,
                })
            }
        };
        let may_change = is_unknown(&result) && self.pairs == Pairs::OneMore;
        let is_other = |other: &TokenRequest| {
            let old = self.asked.credentials();
            !other.credentials().is_same_pair(old)
        };
        Ended {
            attempt: self.attempt,
            result,
            other: may_change.then(identity).filter(is_other),
        }
    }
}

impl Ended {
    /// Tells the lifecycle; then wake everybody who waits. Where the program has another pair by
    /// now, it goes on at once with that, and nobody learns of the refusal.
    pub(crate) fn settle(
        self,
        lifecycle: &mut TokenLifecycle,
        now: Moment,
    ) -> Option<(Request<FormBody>, Errand)> {
        let _event = lifecycle.settle(self.attempt, self.result, now, chance());
        let other = self.other?;
        let _event = lifecycle.renew_now(RenewalReason::NewCredentials, now);
        let (Step::Fetch(attempt) | Step::Renew(_, attempt)) = lifecycle.step(now) else {
            return None;
        };
        let (request, mut errand) = Errand::begin(attempt, other, lifecycle, now)?;
        errand.pairs = Pairs::Last;
        Some((request, errand))
    }
}

fn is_unknown(result: &Result<IssuedToken, ExchangeError>) -> bool {
    let code = result.as_ref().err().and_then(ExchangeError::oauth_code);
    code == Some(&ErrorCode::InvalidClient)
}
