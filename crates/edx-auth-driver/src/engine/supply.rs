//! Where other processes leave tokens: a store that all of them write, or a file that one keeps fresh.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use edx_auth_core::{Event, Moment, StoreTicket, StoredToken, TokenRequest, WorkKind};

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
    found: Result<Option<StoredToken>, StoreError>,
}

/// What is wrong with the store.
#[derive(Debug, Default)]
pub(super) struct StoreOutage {
    /// It is in use: a second use would hang where the first does.
    is_in_use: AtomicBool,
    /// It has failed since a token was saved there under a claim: one report is enough until then.
    is_reported: AtomicBool,
}

impl StoreOutage {
    /// Uses the store, unless an earlier use hangs.
    pub(super) fn guard<T>(
        &self,
        use_store: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        if self.is_in_use.swap(true, Ordering::Acquire) {
            return Err(StoreError::Hangs);
        }
        let used = guarded(use_store);
        self.is_in_use.store(false, Ordering::Release);
        used.unwrap_or_else(|| Err(StoreError::other("the token store panicked")))
    }
}

impl Supply {
    fn look(
        &self,
        request: Option<&TokenRequest>,
        within: Option<Duration>,
        now: Moment,
    ) -> Result<Look, StoreError> {
        match (self, request) {
            (Self::File(read), _) => Ok(Look::finding(Some(read(now)?))),
            (Self::Store(store), Some(request)) => match within {
                None => Ok(Look::finding(store.load(request)?)),
                Some(within) => Look::claiming(store.as_ref(), request, within),
            },
            _ => Ok(Look::finding(None)),
        }
    }

    /// Returns the store of this source's tokens, if there is one.
    pub(super) fn store(&self) -> Option<&dyn TokenStore> {
        match self {
            Self::Store(store) => Some(store.as_ref()),
            Self::None | Self::File(_) => None,
        }
    }
}

impl Look {
    fn finding(found: Option<StoredToken>) -> Self {
        Self {
            claim: None,
            found: Ok(found),
        }
    }

    /// Looks under a claim, which counts even if the look fails.
    fn claiming(
        store: &dyn TokenStore,
        request: &TokenRequest,
        within: Duration,
    ) -> Result<Self, StoreError> {
        let claim = store.claim(request, within)?;
        Ok(Self {
            claim: Some(claim),
            found: store.load(request),
        })
    }
}

impl Engine {
    /// Looks into the store or the file, and reports what is there. A claim is kept while the agent goes on
    /// to request a token.
    pub(super) fn look_for_token(self: &Arc<Self>, ticket: StoreTicket) {
        self.give_back();
        let request = self.look(|agent, _| agent.request().cloned());
        let now = self.now();
        let within = ticket.claim_within();
        let looked = self
            .outage
            .guard(|| self.supply.look(request.as_ref(), within, now));
        let (mut unused, found) = match looked {
            Ok(look) => (look.claim, look.found),
            Err(error) => (None, Err(error)),
        };
        let event = self.report_to(|state, now| {
            let found = found.map_err(BoxError::from);
            let event = state.agent.on_stored(ticket, found, now, jitter());
            let is_next = state.next_work(now) == Some(WorkKind::Exchange);
            if !matches!(event, Event::Stale) && is_next {
                state.claim = unused.take();
            }
            event
        });
        release(unused);
        self.reported(&event);
    }

    /// Gives the claim back, if there is one, without the lock: that may take a while.
    pub(super) fn give_back(&self) {
        let claim = self.lock().claim.take();
        release(claim);
    }

    /// Reports that a token was saved under a claim, so that the store's next failure is news.
    pub(super) fn store_works(&self) {
        self.outage.is_reported.store(false, Ordering::Relaxed);
    }

    /// Reports that the store failed, unless that is known.
    pub(super) fn store_failed(&self, event: &Event) {
        if !self.outage.is_reported.swap(true, Ordering::Relaxed) {
            self.trace(event);
            self.tell(event);
        }
    }
}

/// Gives a claim back: the program's own code may do that.
pub(super) fn release(claim: Option<Claim>) {
    guarded(|| drop(claim));
}
