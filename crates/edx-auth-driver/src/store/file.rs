//! A token store in a folder, for the processes of one machine.

mod folder;

use std::env;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use edx_auth_core::{StoredToken, TokenRequest};
use fs4::{FileExt, TryLockError};
use zeroize::Zeroizing;

use super::{Claim, StoreError, StoreKey, TokenStore};
use crate::clock::Clock;

use folder::Folder;

/// A folder in which the processes of one user on one machine share their tokens.
///
/// The folder has mode 0700, and its files 0600. Both must belong to the user; what is open to others, or is
/// a link, a pipe or a device, is rejected. A token is written to a new file, synced and renamed: no reader
/// sees a part of one, and reading takes no lock. The right to request a token is a lock on a second file,
/// which ends with its process. Each token has its own files, named by a hash of its request, and a seal: the
/// file of another client or another site, or a changed one, is rejected under this name. The token is in
/// **plain text**; the client secret is never stored.
///
/// Put it on a local disk: on a network file system, locks may not work between machines.
///
/// On Windows, no permission is set or checked: what is created in the folder has the permissions of the folder
/// around it. A user's `%LOCALAPPDATA%` is closed to others; name no folder that is not.
///
/// ```no_run
/// use edx_auth_driver::{Blocking, FileStore, TokenSource};
/// # use edx_auth_driver::{ClientCredentials, TokenEndpoint, TokenRequest, TransportFailure};
/// # let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// # let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
/// # let transport = |_, _| Err(TransportFailure::NotSent.into());
///
/// let source = TokenSource::<Blocking>::over(request, transport)
///     .store(FileStore::in_cache())
///     .build()?;
/// # let _ = source;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct FileStore {
    /// None if the user has no cache.
    folder: Option<PathBuf>,
}

impl FileStore {
    /// Creates a store in this folder, which is created when the first token is requested. Nothing is read
    /// before.
    #[must_use]
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self {
            folder: Some(folder.into()),
        }
    }

    /// Creates a store in the folder `edx-auth` of the user's cache: `$XDG_CACHE_HOME`, or `~/.cache` if that is unset
    /// or empty; on macOS `~/Library/Caches`, on Windows `%LOCALAPPDATA%`. If there is none, or its path is
    /// relative, every use fails with [`StoreError::NoCache`], and tokens are requested without the store.
    #[must_use]
    pub fn in_cache() -> Self {
        let cache = cache().filter(|cache| cache.is_absolute());
        Self {
            folder: cache.map(|cache| cache.join("edx-auth")),
        }
    }

    /// Returns the folder, which exists after the first token was requested.
    ///
    /// # Errors
    /// Returns [`StoreError::NoCache`] if the user has no cache.
    pub fn folder(&self) -> Result<&Path, StoreError> {
        self.folder.as_deref().ok_or(StoreError::NoCache)
    }

    /// Reports whether the stored token stays: it was requested later than this one, while the process with
    /// the claim was stopped, or it outlives this one, which was requested without a claim.
    fn keeps(&self, request: &TokenRequest, new: &StoredToken, claim: Option<&Claim>) -> bool {
        let now = Clock::new().now();
        let stored = self.load(request).ok().flatten();
        stored.is_some_and(|stored| match claim {
            Some(_) => !stored.left(now).is_zero() && stored.born() > new.born(),
            None => stored.left(now) > new.left(now),
        })
    }
}

impl TokenStore for FileStore {
    fn load(&self, request: &TokenRequest) -> Result<Option<StoredToken>, StoreError> {
        let Some(folder) = Folder::open(self.folder()?)? else {
            return Ok(None);
        };
        let key = StoreKey::of(request);
        let bytes = folder.read(&token_file(&key))?;
        bytes.map(|bytes| key.open(&bytes)).transpose()
    }

    fn claim(&self, request: &TokenRequest, within: Duration) -> Result<Claim, StoreError> {
        let folder = Folder::create(self.folder()?)?;
        let file = folder.lock_file(&lock_file(&StoreKey::of(request)))?;
        Ok(Claim::new(Locked::within(file, within)?))
    }

    fn save(
        &self,
        request: &TokenRequest,
        token: &StoredToken,
        claim: Option<&Claim>,
    ) -> Result<(), StoreError> {
        let (folder, key) = (Folder::create(self.folder()?)?, StoreKey::of(request));
        let name = token_file(&key);
        let new = folder.write(&name, &Zeroizing::new(key.seal(token)))?;
        // Another process may have saved its token while the disk was busy.
        if self.keeps(request, token, claim) {
            return Ok(());
        }
        new.replace(&name)
    }
}

fn token_file(key: &StoreKey) -> String {
    format!("{key}.token")
}

fn lock_file(key: &StoreKey) -> String {
    format!("{key}.lock")
}

/// A locked file. It is unlocked when this value is dropped, and not only closed: a process that was forked
/// meanwhile has the file open too.
struct Locked(File);

impl Locked {
    /// Tries again and again: a wait in the operating system has no end.
    fn within(file: File, within: Duration) -> Result<Self, StoreError> {
        let start = Instant::now();
        let mut pause = SHORTEST_PAUSE;
        loop {
            match FileExt::try_lock(&file) {
                Ok(()) => return Ok(Self(file)),
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(error)) => return Err(StoreError::NoLocks(error)),
            }
            let left = within.saturating_sub(start.elapsed());
            if left.is_zero() {
                return Err(StoreError::Busy);
            }
            thread::sleep(pause.mul_f32(0.5 + fastrand::f32()).min(left));
            pause = (2 * pause).min(LONGEST_PAUSE);
        }
    }
}

impl Drop for Locked {
    fn drop(&mut self) {
        let _closed_all_the_same = FileExt::unlock(&self.0);
    }
}

fn cache() -> Option<PathBuf> {
    let folder = |name| {
        env::var_os(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if cfg!(windows) {
        folder("LOCALAPPDATA")
    } else if cfg!(target_os = "macos") {
        folder("HOME").map(|home| home.join("Library/Caches"))
    } else {
        folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))
    }
}

const SHORTEST_PAUSE: Duration = Duration::from_millis(5);
const LONGEST_PAUSE: Duration = Duration::from_millis(100);

#[cfg(all(test, unix))]
mod tests;
