//! Saves a new token for other processes.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use edx_auth_core::{Event, Moment, StoreTicket, StoredToken, TokenRequest};

use super::supply::release;
use super::{Engine, State};
use crate::store::{Claim, StoreError};
use crate::threads::{Job, SAVES};
use crate::trace::TraceContext;

/// A new token that is not in the store yet, and the request that it is of.
pub(super) struct Unsaved {
    request: TokenRequest,
    token: StoredToken,
    claim: Option<Claim>,
    /// The [`State::saved_by`] of this token.
    by: Duration,
}

/// A token on its way into the store. It takes a place of its lane: if the store hangs, that delays no token
/// request.
struct Saving {
    engine: Arc<Engine>,
    unsaved: Mutex<Option<Unsaved>>,
    context: TraceContext,
}

impl Job for Saving {
    fn run(&self) {
        if let Some(unsaved) = self.take() {
            self.context.with(|| self.engine.save_now(unsaved));
        }
    }

    fn lost(&self) {
        if let Some(unsaved) = self.take() {
            release(unsaved.claim);
            let error = StoreError::other("there is no thread to save the token");
            self.context.with(|| self.engine.not_saved(error));
            self.engine.saved(unsaved.by);
        }
    }
}

impl Saving {
    fn take(&self) -> Option<Unsaved> {
        let mut unsaved = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
        unsaved.take()
    }
}

impl Engine {
    /// Returns the token to save after this event, if there is a store. The callers that wait get the token
    /// after that, since a program may end with its caller; but after two seconds in any case.
    pub(super) fn unsaved(&self, state: &mut State, event: &Event, now: Moment) -> Option<Unsaved> {
        let is_renewed = matches!(event, Event::Renewed { .. });
        let request = state.agent.request();
        let request = request.filter(|_| is_renewed && self.supply.store().is_some());
        let (request, token) = request.cloned().zip(state.agent.export(now))?;
        state.saved_by = now.monotonic.saturating_add(StoreTicket::READ_WITHIN);
        Some(Unsaved {
            request,
            token,
            claim: state.claim.take(),
            by: state.saved_by,
        })
    }

    /// Has a token saved, as soon as there is a place for that.
    pub(super) fn save(self: &Arc<Self>, unsaved: Unsaved) {
        let saving = Saving {
            engine: Arc::clone(self),
            unsaved: Mutex::new(Some(unsaved)),
            context: TraceContext::current(),
        };
        SAVES.submit(self.host(), Box::new(saving));
    }

    /// Saves a token, gives the claim back, and reports it if that fails.
    fn save_now(self: &Arc<Self>, unsaved: Unsaved) {
        let Unsaved {
            request,
            token,
            claim,
            by,
        } = unsaved;
        let saved = self.outage.guard(|| match self.supply.store() {
            Some(store) => store.save(&request, &token, claim.as_ref()),
            None => Ok(()),
        });
        let was_claimed = claim.is_some();
        release(claim);
        match saved {
            Ok(()) if was_claimed => self.store_works(),
            Ok(()) => {}
            Err(error) => self.not_saved(error),
        }
        self.saved(by);
    }

    fn not_saved(&self, error: StoreError) {
        self.store_failed(&Event::StoreFailed {
            error: Arc::new(error),
        });
    }

    /// Lets callers have the token that was to be saved by this time, and the source go on.
    fn saved(self: &Arc<Self>, by: Duration) {
        let mut state = self.lock();
        if state.saved_by == by {
            state.saved_by = Duration::ZERO;
        }
        drop(state);
        self.proceed();
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use std::sync::mpsc;

    use edx_auth_core::{AccessToken, TokenAgent, TokenType};

    use super::*;
    use crate::testing::{LONG_BACKOFFS, Site};

    const HOUR: Duration = Duration::from_secs(3600);

    #[test]
    fn a_token_that_no_thread_can_save_is_reported_and_its_claim_given_back() {
        let (site, (heard, events)) = (Site::new(), mpsc::channel());
        let agent = TokenAgent::new(site.request(), LONG_BACKOFFS);
        let engine = Engine::without_work(agent);
        let engine = engine.with_listener(Box::new(move |event| {
            heard.send(event.clone()).unwrap();
        }));
        let engine = Arc::new(engine);
        engine.lock().saved_by = HOUR;
        let (held, given_back) = mpsc::channel::<()>();
        let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
        let unsaved = Unsaved {
            request: site.request(),
            token: StoredToken::new(token, HOUR, Duration::ZERO),
            claim: Some(Claim::new(held)),
            by: HOUR,
        };
        let saving = Saving {
            engine: Arc::clone(&engine),
            unsaved: Mutex::new(Some(unsaved)),
            context: TraceContext::current(),
        };

        saving.lost();

        assert!(matches!(events.recv().unwrap(), Event::StoreFailed { .. }));
        assert!(given_back.recv().is_err());
        assert_eq!(engine.lock().saved_by, Duration::ZERO);
    }

    #[test]
    fn a_save_that_ends_late_ends_no_later_one() {
        let agent = TokenAgent::new(Site::new().request(), LONG_BACKOFFS);
        let engine = Arc::new(Engine::without_work(agent));
        engine.lock().saved_by = 2 * HOUR;

        engine.saved(HOUR);
        assert_eq!(engine.lock().saved_by, 2 * HOUR);
        engine.saved(2 * HOUR);

        assert_eq!(engine.lock().saved_by, Duration::ZERO);
    }
}
