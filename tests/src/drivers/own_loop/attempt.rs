//! One attempt, from its pair to its settling.

use edx_auth_core::{
    Attempt, ErrorCode, ExchangeError, IssuedToken, Jitter, RenewalError, RenewalReason, Step,
    TokenRequest,
};
use http::Response;

use super::Shared;

type Outcome = Result<IssuedToken, ExchangeError>;

impl Shared {
    /// Asks for a token; where the site no longer knows the pair and there is another one by now,
    /// once more with that.
    pub(super) fn make(&self, attempt: Attempt) {
        let request = self.request();
        let Ok(attempt) = self.lock().begin(attempt, self.now()) else {
            return;
        };
        let outcome = self.exchange(&request);
        match self.other_request(&request, &outcome) {
            Some(other) => self.make_again(attempt, outcome, &other),
            None => self.settle(attempt, outcome),
        }
    }

    /// The refusal and the next election are one to everybody else: nobody sees the former.
    fn make_again(&self, refused: Attempt, refusal: Outcome, request: &TokenRequest) {
        let now = self.now();
        let mut lifecycle = self.lock();
        let _refused = lifecycle.settle(refused, refusal, now, Jitter::NONE);
        let _owed = lifecycle.renew_now(RenewalReason::NewCredentials, now);
        let step = lifecycle.step(now);
        drop(lifecycle);
        if let Step::Fetch(attempt) | Step::Renew(_, attempt) = step {
            let Ok(attempt) = self.lock().begin(attempt, self.now()) else {
                return;
            };
            self.settle(attempt, self.exchange(request));
        }
    }

    fn exchange(&self, request: &TokenRequest) -> Outcome {
        let (to_send, exchange) = request.begin();
        match (self.carry)(to_send, exchange.rules()) {
            Ok(reply) => {
                let (head, body) = reply.into_parts();
                exchange.finish(Response::from_parts(head, body.as_slice()))
            }
            Err(failure) => Err(exchange.fail(failure)),
        }
    }

    fn settle(&self, attempt: Attempt, outcome: Outcome) {
        let now = self.now();
        let outcome = outcome.map_err(RenewalError::from);
        let _event = self.lock().settle(attempt, outcome, now, Jitter::NONE);
        self.settled.notify_all();
    }

    fn request(&self) -> TokenRequest {
        let request = self.setup.request.clone();
        match &self.setup.pair {
            Some(pair) => request.with_credentials(pair()),
            None => request,
        }
    }

    /// The request to make instead of one whose pair the site does not know.
    fn other_request(&self, refused: &TokenRequest, outcome: &Outcome) -> Option<TokenRequest> {
        let error = outcome.as_ref().err()?;
        if error.oauth_code() != Some(&ErrorCode::InvalidClient) {
            return None;
        }
        let other = self.request();
        let is_same = other.credentials().is_same_pair(refused.credentials());
        (!is_same).then_some(other)
    }
}
