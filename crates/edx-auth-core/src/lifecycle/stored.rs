//! A token that was kept outside of the lifecycle.

use core::time::Duration;

use crate::token::IssuedToken;

/// A token that was kept elsewhere, and when it was asked for by the wall clock.
#[derive(Clone, Debug)]
pub struct StoredToken {
    pub(super) issued: IssuedToken,
    pub(super) born: Duration,
}

impl StoredToken {
    /// A token whose request left at this time, counted from the Unix epoch.
    #[must_use]
    pub fn new(issued: IssuedToken, born: Duration) -> Self {
        Self { issued, born }
    }
}
