//! One attempt after the other, from its credentials to its settling.

use std::sync::Arc;

use edx_auth_core::{
    Attempt, ErrorCode, Event, IssuedToken, RenewalError, RenewalReason, Step, TokenRequest,
};

use super::{Shared, jitter};
use crate::trace::{self, Caller};

/// The work of a source's one thread, for as long as there is an attempt to make.
///
/// Dropped before that is done, by a panic or for want of a thread, its attempt is abandoned, and
/// whoever waits for it hears of that.
pub(super) struct Renewal {
    shared: Arc<Shared>,
    attempt: Option<Attempt>,
    stage: Stage,
    caller: Caller,
}

enum Stage {
    AtWork,
    Done,
}

/// Sees to it that an attempt is made: by the thread that is at work for this source already, or
/// by one of its own.
pub(super) fn start(shared: &Arc<Shared>, attempt: Attempt) {
    let reason = attempt.reason();
    let handed_over = shared.errand().take_up(attempt);
    let Some(attempt) = handed_over else {
        return trace::elected(reason);
    };
    let caller = Caller::current();
    let renewal = Renewal {
        shared: Arc::clone(shared),
        attempt: Some(attempt),
        stage: Stage::AtWork,
        caller: caller.clone(),
    };
    // From here on a listener that panics leaves no attempt behind.
    trace::elected(reason);
    let work = move || caller.hears(|| renewal.make());
    shared.exchanges.run(work);
}

impl Renewal {
    fn make(mut self) {
        while self.attempt.is_some() {
            self.make_one();
            self.attempt = self.shared.errand().go_on();
        }
        self.stage = Stage::Done;
    }

    /// Asks for a token; where the site no longer knows the pair and there is another one, once
    /// more with that.
    fn make_one(&mut self) {
        let request = match self.shared.credentials.request() {
            Ok(request) => request,
            Err(cause) => return self.settle(Err(cause)),
        };
        let Some(result) = self.exchange(&request) else {
            return;
        };
        match self.another_pair(&result) {
            Some(other) => self.make_again(&other, result),
            None => self.settle(result),
        }
    }

    fn make_again(&mut self, request: &TokenRequest, refusal: Result<IssuedToken, RenewalError>) {
        self.settle_for_another(refusal);
        if let Some(result) = self.exchange(request) {
            self.settle(result);
        }
    }

    /// The outcome of one exchange; `None` where the attempt counts no longer, and nothing is sent.
    fn exchange(&mut self, request: &TokenRequest) -> Option<Result<IssuedToken, RenewalError>> {
        let attempt = self.newest()?;
        let begun = self.shared.lock().begin(attempt, self.shared.clock.now());
        self.attempt = Some(begun.ok()?);
        let exchange = || (self.shared.exchange)(request).map_err(RenewalError::from);
        let result = self.caller.exchange(request, exchange);
        if is_unknown_pair(&result) {
            self.shared.credentials.note_refused(request);
        }
        Some(result)
    }

    /// The attempt that counts: where the credentials were slow, another may have been elected.
    fn newest(&mut self) -> Option<Attempt> {
        let own = self.attempt.take()?;
        Some(self.shared.errand().newest(own))
    }

    fn another_pair(&self, result: &Result<IssuedToken, RenewalError>) -> Option<TokenRequest> {
        is_unknown_pair(result).then(|| self.shared.credentials.another())?
    }

    fn settle(&mut self, result: Result<IssuedToken, RenewalError>) {
        let Some(attempt) = self.attempt.take() else {
            return;
        };
        let now = self.shared.clock.now();
        let event = self.shared.lock().settle(attempt, result, now, jitter());
        let _rings_at_last = Bell(&self.shared);
        trace::settled(&event, &self.shared.told);
    }

    /// Settles, and takes over the attempt that the new pair is owed, before anybody can see the
    /// refusal of the old one.
    fn settle_for_another(&mut self, refusal: Result<IssuedToken, RenewalError>) {
        let Some(attempt) = self.attempt.take() else {
            return;
        };
        let now = self.shared.clock.now();
        let mut lifecycle = self.shared.lock();
        let refused = lifecycle.settle(attempt, refusal, now, jitter());
        if matches!(refused, Event::Stale) {
            return;
        }
        let _owed = lifecycle.renew_now(RenewalReason::NewCredentials, now);
        self.attempt = match lifecycle.step(now) {
            Step::Fetch(attempt) | Step::Renew(_, attempt) => Some(attempt),
            Step::Use(_) | Step::Join { .. } | Step::Pause { .. } => None,
        };
        drop(lifecycle);
        let _rings_at_last = Bell(&self.shared);
        trace::rotated();
    }
}

/// Rings for those who wait as it goes: after whoever listens has heard what happened, so that
/// what comes of it is told later, and even if that listener panics.
struct Bell<'a>(&'a Shared);

impl Drop for Bell<'_> {
    fn drop(&mut self) {
        self.0.settled.notify_waiters();
    }
}

fn is_unknown_pair(result: &Result<IssuedToken, RenewalError>) -> bool {
    match result {
        Err(RenewalError::Exchange(error)) => error.oauth_code() == Some(&ErrorCode::InvalidClient),
        _ => false,
    }
}

impl Drop for Renewal {
    fn drop(&mut self) {
        if let Stage::Done = self.stage {
            return;
        }
        let own = self.attempt.take();
        let Some(attempt) = self.shared.errand().break_off(own) else {
            return;
        };
        let now = self.shared.clock.now();
        let event = self.shared.lock().abandon(attempt, now, jitter());
        let _rings_at_last = Bell(&self.shared);
        trace::settled(&event, &self.shared.told);
    }
}
