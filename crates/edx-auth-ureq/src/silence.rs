//! A source that tells nothing of itself: `trace.rs`, without the feature `tracing`.

use std::time::Duration;

use edx_auth_core::{
    Event, Invalidation, IssuedToken, LiveToken, RenewalError, RenewalReason, TokenRequest,
};

use crate::Error;

#[derive(Clone, Debug)]
pub(crate) struct Caller(());

#[derive(Debug, Default)]
pub(crate) struct Told(());

#[expect(clippy::unused_self, reason = "as where somebody listens")]
impl Caller {
    pub(crate) fn current() -> Self {
        Self(())
    }

    pub(crate) fn hears<T>(&self, work: impl FnOnce() -> T) -> T {
        work()
    }

    pub(crate) fn exchange(
        &self,
        _request: &TokenRequest,
        run: impl FnOnce() -> Result<IssuedToken, RenewalError>,
    ) -> Result<IssuedToken, RenewalError> {
        run()
    }
}

pub(crate) fn elected(_reason: RenewalReason) {}

pub(crate) fn settled(_event: &Event, _told: &Told) {}

pub(crate) fn refused(_token: &LiveToken, _invalidation: Invalidation) {}

pub(crate) fn rotated() {}

pub(crate) fn put_off(_fault: &Error, _wait: Duration) {}
