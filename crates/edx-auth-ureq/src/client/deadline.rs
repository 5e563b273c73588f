//! When a whole call has to be over.

use std::time::{Duration, Instant};

/// A point in time that all parts of one call share: the wait for its token, its redirects, its
/// replay and its reply.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline(Instant);

impl Deadline {
    /// So long from now, and within a year: beyond that some clocks end.
    pub(super) fn after(timeout: Duration) -> Self {
        Self(Instant::now() + timeout.min(YEAR))
    }

    /// What is left until then.
    pub(super) fn left(self) -> Duration {
        self.0.saturating_duration_since(Instant::now())
    }
}

const YEAR: Duration = Duration::from_secs(365 * 24 * 60 * 60);
