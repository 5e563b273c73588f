//! A token that is saved for other processes.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use edx_auth_core::{StoredToken, TokenRequest};

use crate::callers::callers;
use crate::plan::{LONG_BACKOFFS, Plan};
use crate::source::Source;
use crate::store::{Claim, StoreError, TokenStore};

pub(super) fn a_program_that_ends_with_its_call_has_saved_the_token() {
    let done = Arc::<AtomicUsize>::default();
    let source = Source::new(Plan::new(LONG_BACKOFFS).store(Shelf(Arc::clone(&done))));

    let call = move |source: &Source| {
        let token = source.token();
        assert_eq!(done.load(Ordering::Relaxed), 2, "the program would end now");
        token
    };
    callers(1, &source, call).one_token();
}

/// A store that is empty at first, and counts that it has saved the token and got the claim back.
struct Shelf(Arc<AtomicUsize>);

struct GivesBack(Arc<AtomicUsize>);

impl Drop for GivesBack {
    fn drop(&mut self) {
        thread::yield_now();
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl TokenStore for Shelf {
    fn load(&self, _: &TokenRequest) -> Result<Option<StoredToken>, StoreError> {
        thread::yield_now();
        Ok(None)
    }

    fn claim(&self, _: &TokenRequest, _: Duration) -> Result<Claim, StoreError> {
        thread::yield_now();
        Ok(Claim::new(GivesBack(Arc::clone(&self.0))))
    }

    fn save(&self, _: &TokenRequest, _: &StoredToken, _: Option<&Claim>) -> Result<(), StoreError> {
        thread::yield_now();
        self.0.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }
}
