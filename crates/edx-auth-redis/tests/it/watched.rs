//! A store that counts how often Redis was slow: on a busy machine, a process may then request its own token.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use edx_auth_driver::{Claim, StoreError, StoredToken, TokenRequest, TokenStore};
use edx_auth_redis::{RedisError, RedisStore};

pub(crate) struct Watched {
    store: RedisStore,
    slow: Arc<AtomicUsize>,
}

impl Watched {
    pub(crate) fn over(store: RedisStore) -> Self {
        Self {
            store,
            slow: Arc::default(),
        }
    }

    /// Watches the store of another process too, which has its own rest after Redis was slow.
    pub(crate) fn beside(&self, store: RedisStore) -> Self {
        Self {
            store,
            slow: Arc::clone(&self.slow),
        }
    }

    /// Returns how often Redis was slow, with any of the stores that are watched together.
    pub(crate) fn slow(&self) -> usize {
        self.slow.load(Ordering::SeqCst)
    }

    fn watch<T>(
        &self,
        within: Duration,
        used: impl FnOnce() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let start = Instant::now();
        let used = used();
        let is_slow = start.elapsed() > within + SLOW || used.as_ref().is_err_and(is_too_slow);
        self.slow.fetch_add(usize::from(is_slow), Ordering::SeqCst);
        used
    }
}

fn is_too_slow(error: &StoreError) -> bool {
    let StoreError::Other { source: cause, .. } = error else {
        return false;
    };
    let error = cause.downcast_ref();
    matches!(error, Some(RedisError::TimedOut | RedisError::Resting))
}

impl TokenStore for Watched {
    fn load(&self, request: &TokenRequest) -> Result<Option<StoredToken>, StoreError> {
        self.watch(Duration::ZERO, || self.store.load(request))
    }

    fn claim(&self, request: &TokenRequest, within: Duration) -> Result<Claim, StoreError> {
        self.watch(within, || self.store.claim(request, within))
    }

    fn save(
        &self,
        request: &TokenRequest,
        token: &StoredToken,
        claim: Option<&Claim>,
    ) -> Result<(), StoreError> {
        self.watch(Duration::ZERO, || self.store.save(request, token, claim))
    }
}

/// Shorter than the time after which a store is passed by.
const SLOW: Duration = Duration::from_millis(400);
