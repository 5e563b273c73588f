//! Events: what a report to an agent changed. They contain no secret.

use alloc::sync::Arc;
use core::error::Error;
use core::time::Duration;

use super::error::RenewalError;
use super::step::Invalidation;
use super::token::Generation;

/// Why a token is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RenewalReason {
    /// There was no token yet.
    Cold,
    /// The cached token is due for renewal.
    Due,
    /// The cached token has expired.
    Expired,
    /// An API rejected the cached token.
    Rejected,
    /// The program asked for a new token.
    Forced,
    /// The program has new client credentials.
    NewCredentials,
}

/// What a report to a [`TokenAgent`](crate::TokenAgent) changed. An event contains no secret.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A new token is cached.
    #[non_exhaustive]
    Renewed {
        /// Its number.
        generation: Generation,
        /// Why it was requested.
        reason: RenewalReason,
        /// How long it may be used.
        usable_for: Duration,
    },
    /// A stored token is cached.
    #[non_exhaustive]
    Restored {
        /// Its number in this agent.
        generation: Generation,
        /// How long it may be used.
        usable_for: Duration,
    },
    /// The cached token stays, because no better one was found: the store has none, or one that has expired,
    /// does not outlive the cached one, is of another type, or was issued in the future.
    NotRestored,
    /// An attempt brought no token. No other is made before the backoff ends.
    #[non_exhaustive]
    Failed {
        /// Why the attempt failed.
        error: RenewalError,
        /// Why the token was requested.
        reason: RenewalReason,
        /// How long no token is requested.
        backoff: Duration,
    },
    /// An API rejected a token. [`TokenAgent::invalidate`](crate::TokenAgent::invalidate) returns only the
    /// `invalidation`: a driver creates this event from it, and passes it to the program's function for
    /// events.
    Rejected {
        /// The number of the token.
        generation: Generation,
        /// What follows from it.
        invalidation: Invalidation,
    },
    /// The token store could not be read, claimed or written: a token is requested without it. Calls go on
    /// as if there were no store.
    StoreFailed {
        /// What the store says.
        error: Arc<dyn Error + Send + Sync>,
    },
    /// The program has other client credentials than before: a token is requested with those.
    CredentialsChanged,
    /// The client credentials are those in use, or were rejected before: those in use stay.
    CredentialsUnchanged,
    /// The token endpoint rejected the client credentials, and the program is asked for others before
    /// this counts as a failure.
    CredentialsRejected,
    /// The report was about an attempt that no longer counts: nothing changed.
    Stale,
}
