//! What happened, with its reason and without a secret.

use core::time::Duration;

use super::{Generation, RenewalError};

/// Why a token is requested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RenewalReason {
    /// There was none yet.
    Cold,
    /// The one at hand nears its end.
    Due,
    /// The one at hand is over.
    Expired,
    /// An API rejected the cached token.
    Rejected,
    /// The program asked for a new one.
    Forced,
    /// The program has new credentials.
    NewCredentials,
}

/// What became of something that a lifecycle was told.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Event {
    /// A new token is held.
    Renewed {
        /// Which one.
        generation: Generation,
        /// Why it was asked for.
        reason: RenewalReason,
        /// For how long it may be used.
        usable_for: Duration,
    },
    /// A token that was kept elsewhere is held.
    Adopted {
        /// Which one it is now.
        generation: Generation,
        /// For how long it may be used.
        usable_for: Duration,
    },
    /// A token that was kept elsewhere is of no use: over, worse than the one at hand, or from a
    /// time that has not come yet.
    NotAdopted,
    /// An attempt brought no token. Nobody asks again before the pause is over.
    Failed {
        /// Why.
        cause: RenewalError,
        /// Why it was asked for.
        reason: RenewalReason,
        /// How long nobody asks.
        pause: Duration,
    },
    /// An attempt that counts no longer: nothing has changed.
    Stale,
    /// A renewal is owed: whoever asks next may be elected for it.
    Owed(RenewalReason),
    /// A renewal is owed, and one that is on its way already will do.
    Joined(RenewalReason),
}
