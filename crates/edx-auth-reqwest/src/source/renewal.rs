//! One attempt, from its credentials to its settling.

use std::sync::Arc;

use edx_auth_core::{Attempt, Cause, ErrorCode, Event, IssuedToken, Reason, Step, TokenRequest};

use super::{Shared, spread};

/// An attempt on its way. Dropped before it has settled, by a panic or for want of a thread, it is
/// abandoned, and whoever waits for it hears of that.
pub(super) struct Renewal {
    shared: Arc<Shared>,
    attempt: Option<Attempt>,
}

impl Renewal {
    pub(super) fn of(shared: Arc<Shared>, attempt: Attempt) -> Self {
        Self {
            shared,
            attempt: Some(attempt),
        }
    }

    /// Asks for a token; where the site no longer knows the pair and there is another one, once
    /// more with that.
    pub(super) fn make(mut self) {
        let request = match self.shared.credentials.request() {
            Ok(request) => request,
            Err(cause) => return self.settle(Err(cause)),
        };
        let Some(result) = self.exchange(&request) else {
            return;
        };
        match self.other_pair(&request, &result) {
            Some(other) => self.make_again(&other, result),
            None => self.settle(result),
        }
    }

    fn make_again(&mut self, request: &TokenRequest, refusal: Result<IssuedToken, Cause>) {
        self.settle_for_another(refusal);
        if let Some(result) = self.exchange(request) {
            self.settle(result);
        }
    }

    /// The outcome of one exchange; `None` where the attempt counts no longer, and nothing is sent.
    fn exchange(&mut self, request: &TokenRequest) -> Option<Result<IssuedToken, Cause>> {
        let attempt = self.attempt.take()?;
        let begun = self.shared.lock().begin(attempt, self.shared.clock.now());
        self.attempt = Some(begun.ok()?);
        Some((self.shared.exchange)(request).map_err(Cause::from))
    }

    fn other_pair(
        &self,
        refused: &TokenRequest,
        result: &Result<IssuedToken, Cause>,
    ) -> Option<TokenRequest> {
        match result {
            Err(Cause::Exchange(error))
                if error.oauth_code() == Some(&ErrorCode::InvalidClient) =>
            {
                self.shared.credentials.instead_of(refused)
            }
            _ => None,
        }
    }

    fn settle(&mut self, result: Result<IssuedToken, Cause>) {
        let Some(attempt) = self.attempt.take() else {
            return;
        };
        let now = self.shared.clock.now();
        let _event = self.shared.lock().settle(attempt, result, now, spread());
        self.shared.settled.notify_waiters();
    }

    /// Settles, and takes over the attempt that the new pair is owed, before anybody can see the
    /// refusal of the old one.
    fn settle_for_another(&mut self, refusal: Result<IssuedToken, Cause>) {
        let Some(attempt) = self.attempt.take() else {
            return;
        };
        let now = self.shared.clock.now();
        let mut lifecycle = self.shared.lock();
        let refused = lifecycle.settle(attempt, refusal, now, spread());
        if matches!(refused, Event::Stale) {
            return;
        }
        let _owed = lifecycle.renew_now(Reason::NewCredentials, now);
        self.attempt = match lifecycle.step(now) {
            Step::Fetch(attempt) | Step::Renew(_, attempt) => Some(attempt),
            Step::Use(_) | Step::Join { .. } | Step::Pause { .. } => None,
        };
        drop(lifecycle);
        self.shared.settled.notify_waiters();
    }
}

impl Drop for Renewal {
    fn drop(&mut self) {
        let Some(attempt) = self.attempt.take() else {
            return;
        };
        let now = self.shared.clock.now();
        let _event = self.shared.lock().abandon(attempt, now, spread());
        self.shared.settled.notify_waiters();
    }
}
