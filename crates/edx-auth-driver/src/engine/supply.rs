//! Where other processes leave tokens: a store that all of them write, or a file that one keeps fresh.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use edx_auth_core::{Event, Moment, StoreTicket, StoredToken, TokenRequest};

use super::{BoxError, Engine};
use crate::clock::jitter;
use crate::guarded::guarded;
use crate::store::{Claim, StoreError, TokenStore};

/// A function that reads the token of a file.
pub(crate) type ReadFn = Box<dyn Fn(Moment) -> Result<StoredToken, StoreError> + Send + Sync>;

pub(crate) enum Supply {
    None,
    File(ReadFn),
    Store(Box<dyn TokenStore>),
}

/// What a look brings: a claim if there is one to give back, and a token if there is one.
struct Look {
    claim: Option<Claim>,
    found: Result<Option<StoredToken>, BoxError>,
}

/// Whether the store has failed since a token was saved there under a claim. One report is enough until then.
#[derive(Debug, Default)]
pub(super) struct StoreOutage(AtomicBool);

impl Supply {
    fn look(&self, request: Option<&TokenRequest>, within: Option<Duration>, now: Moment) -> Look {
        match (self, request) {
            (Self::File(read), _) => Look::without_claim(read(now).map(Some)),
            (Self::Store(store), Some(request)) => match within {
                None => Look::without_claim(store.load(request)),
                Some(within) => Look::under_claim(store.as_ref(), request, within),
            },
            _ => Look::without_claim(Ok(None)),
        }
    }

    fn save(
        &self,
        request: &TokenRequest,
        token: &StoredToken,
        claim: Option<&Claim>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Store(store) => store.save(request, token, claim),
            Self::None | Self::File(_) => Ok(()),
        }
    }
}

impl Look {
    fn without_claim(found: Result<Option<StoredToken>, StoreError>) -> Self {
        Self {
            claim: None,
            found: found.map_err(BoxError::from),
        }
    }

    fn under_claim(store: &dyn TokenStore, request: &TokenRequest, within: Duration) -> Self {
        match store.claim(request, within) {
            Ok(claim) => Self {
                claim: Some(claim),
                ..Self::without_claim(store.load(request))
            },
            Err(error) => Self::without_claim(Err(error)),
        }
    }
}

impl Engine {
    /// Looks into the store or the file, and reports what is there. A claim is kept while the agent goes on
    /// to request a token.
    pub(super) fn look_for_token(self: &Arc<Self>, ticket: StoreTicket) {
        self.give_back();
        let request = self.look(|agent, _| agent.request().cloned());
        let now = self.now();
        let look = || {
            self.supply
                .look(request.as_ref(), ticket.claim_within(), now)
        };
        let Look { claim, found } = guarded(look)
            .unwrap_or_else(|| Look::without_claim(Err(StoreError::other("the store panicked"))));
        let mut unused = claim;
        let event = self.report_to(|state, now| {
            let event = state.agent.on_stored(ticket, found, now, jitter());
            if !matches!(event, Event::Stale) && state.agent.next_work(now).is_some() {
                state.claim = unused.take();
            }
            event
        });
        drop(unused);
        self.reported(&event);
    }

    /// Saves the token that was issued, gives the claim back, and reports it if that fails. It comes before
    /// any caller learns of the token: a program may end with its caller.
    pub(super) fn save(&self, issued: Option<(TokenRequest, StoredToken)>) {
        let claim = self.lock().claim.take();
        let Some((request, token)) = issued else {
            return;
        };
        let saved = guarded(|| self.supply.save(&request, &token, claim.as_ref()));
        match saved.unwrap_or_else(|| Err(StoreError::other("the store panicked"))) {
            Ok(()) if claim.is_some() => self.outage.0.store(false, Ordering::Relaxed),
            Ok(()) => {}
            Err(error) => self.store_failed(&Event::StoreFailed {
                error: Arc::new(error),
            }),
        }
    }

    /// Gives the claim back, if there is one, without the lock: that may take a while.
    pub(super) fn give_back(&self) {
        let claim = self.lock().claim.take();
        drop(claim);
    }

    /// Reports that the store failed, unless that is known.
    pub(super) fn store_failed(&self, event: &Event) {
        if !self.outage.0.swap(true, Ordering::Relaxed) {
            self.trace(event);
            self.tell(event);
        }
    }
}
