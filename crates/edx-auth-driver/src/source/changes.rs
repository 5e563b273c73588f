//! Following a token without using it.

use std::fmt;
use std::time::Duration;

use edx_auth_core::{Generation, LiveToken};

use super::{Async, TokenSource};
use crate::Error;
use crate::engine::newer;

/// The tokens of a source, one after the other: see [`TokenSource::changes`].
pub struct Changes<S> {
    source: TokenSource<Async, S>,
    last: Option<Generation>,
}

impl<S> Changes<S> {
    pub(super) fn of(source: TokenSource<Async, S>) -> Self {
        Self { source, last: None }
    }

    /// Returns the next token: at first the cached one, then each that replaces it. A token that was
    /// replaced before it was asked for is skipped. Dropping the future loses nothing.
    ///
    /// # Errors
    /// Returns [`Error::Setup`] if the process has no thread left for timers.
    pub async fn next(&mut self) -> Result<LiveToken, Error> {
        loop {
            let newer = self.source.engine().wait_for(newer(self.last, A_DAY)).await;
            if let Some(token) = newer.map_err(Error::setup)? {
                self.last = Some(token.generation());
                return Ok(token);
            }
        }
    }
}

impl<S> fmt::Debug for Changes<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Changes")
            .field("source", &self.source)
            .field("last", &self.last)
            .finish()
    }
}

/// No timer is set for longer.
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
