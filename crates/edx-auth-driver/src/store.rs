//! A place where processes share tokens.

mod error;
#[cfg(feature = "file-store")]
mod file;
#[cfg(feature = "store-key")]
mod key;
#[cfg(feature = "store-key")]
mod seal;

use std::any::Any;
use std::fmt;
use std::time::Duration;

use edx_auth_core::{EnvConfigError, EnvStore, StoredToken, TokenRequest};

pub use error::{StoreError, StorePart};
#[cfg(feature = "file-store")]
pub use file::FileStore;
#[cfg(feature = "store-key")]
pub use key::StoreKey;

/// A place where the processes of one client share its token, so that they request one together.
///
/// A source with a store [loads](Self::load) the token before it requests one. If there is none that may be
/// used, it [claims](Self::claim) the request for itself, loads once more, requests the token and
/// [saves](Self::save) it. The other processes wait for the claim, and find the token.
///
/// All of this happens on threads of this crate, and only when the cached token is due: a call with a cached
/// token never touches the store. A store that fails or hangs costs a token request, and fails no call.
///
/// Keep the tokens of different requests apart: of another endpoint, client ID, scope, token type or client
/// secret. Name them by their `StoreKey` (feature `store-key`), and let it seal what leaves the process: a
/// token that was copied to another name is rejected then. Never store the client secret.
///
/// Tokens are shared, failures are not: after a 429 or a 503 the claim is given back, and the next process
/// sends its own request, with its own backoff. A note in the store that tells all processes to wait would fail
/// calls which succeed without a store: machines have different addresses, each with its own limit, and a note
/// may be wrong or outdated.
pub trait TokenStore: Send + Sync + 'static {
    /// Returns the token that was saved last; `None` if there is none. It is loaded without a claim, while
    /// another process may save: return it whole.
    ///
    /// # Errors
    /// Returns an error if the store cannot say. A token is requested then.
    fn load(&self, request: &TokenRequest) -> Result<Option<StoredToken>, StoreError>;

    /// Waits at most this long for the right to request a token, which one process has at a time.
    ///
    /// # Errors
    /// Returns [`StoreError::Busy`] if another process has it for longer, and other errors if the store has
    /// no claims. A token is requested without it then.
    fn claim(&self, request: &TokenRequest, within: Duration) -> Result<Claim, StoreError>;

    /// Saves a token, as a whole or not at all. With a claim, does not replace a token that was requested
    /// under a later [fence](Claim::fence) or, in a store without fences, one that was [born
    /// later](StoredToken::born). Without a claim, does not replace a token that outlives this one; if this
    /// one is saved, it counts as requested under the latest fence.
    ///
    /// # Errors
    /// Returns an error if the token was not saved. This process uses it anyway.
    fn save(
        &self,
        request: &TokenRequest,
        token: &StoredToken,
        claim: Option<&Claim>,
    ) -> Result<(), StoreError>;
}

/// Opens the store that the environment names.
#[cfg(feature = "file-store")]
#[expect(clippy::unnecessary_wraps, reason = "a build without files has none")]
pub(crate) fn in_files(place: &EnvStore) -> Result<Box<dyn TokenStore>, EnvConfigError> {
    Ok(Box::new(match place {
        EnvStore::Folder(path) => FileStore::new(path),
        _ => FileStore::in_cache(),
    }))
}

#[cfg(not(feature = "file-store"))]
pub(crate) fn in_files(_: &EnvStore) -> Result<Box<dyn TokenStore>, EnvConfigError> {
    Err(EnvConfigError::NoFileStore)
}

/// The right to request a token. Dropping the claim gives the right back. If the process ends, the store
/// gives it to another process, at once or when the claim expires.
#[must_use = "dropping it lets another process request a token"]
pub struct Claim {
    fence: Option<u64>,
    _held: Box<dyn Any + Send>,
}

impl Claim {
    /// Creates a claim that is given back when this value is dropped.
    pub fn new(held: impl Any + Send) -> Self {
        Self {
            fence: None,
            _held: Box::new(held),
        }
    }

    /// Numbers the claim, in a store whose claims expire: a later claim has a larger number, so that a
    /// process that was stopped for long overwrites nothing newer.
    pub fn with_fence(mut self, fence: u64) -> Self {
        self.fence = Some(fence);
        self
    }

    /// Returns the number, if the store numbers its claims.
    #[must_use]
    pub fn fence(&self) -> Option<u64> {
        self.fence
    }
}

impl fmt::Debug for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Claim")
            .field("fence", &self.fence)
            .finish_non_exhaustive()
    }
}
