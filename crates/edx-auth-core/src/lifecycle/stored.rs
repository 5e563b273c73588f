//! A token that was kept outside of the lifecycle.

use core::time::Duration;

use crate::token::AccessToken;

/// A token that was kept elsewhere, with its life and its birth by the wall clock.
#[derive(Clone, Debug)]
pub struct StoredToken {
    pub(super) token: AccessToken,
    pub(super) lifetime: Duration,
    pub(super) born: Duration,
}

impl StoredToken {
    /// A token of this life whose request left at this time, counted from the Unix epoch.
    #[must_use]
    pub fn new(token: AccessToken, lifetime: Duration, born: Duration) -> Self {
        Self {
            token,
            lifetime,
            born,
        }
    }
}
