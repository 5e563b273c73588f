//! Why a token store, or a token file, is of no use at the moment.

use std::error::Error;
use std::io;

use edx_auth_core::StoredTokenError;

/// Why a token could not be read from, or saved to, a token store or a token file. A source with a store then
/// requests a token without it. No path is shown: a secret may have been set in its place.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has held the right to request a token for too long: it hangs, or its site is slow.
    #[error("another process has held the right to request a token for too long")]
    Busy,
    /// An earlier use of the store has not ended.
    #[error("the token store hangs")]
    Hangs,
    /// The file system has no locks.
    #[error("the file system of the token store has no locks")]
    NoLocks(#[source] io::Error),
    /// A file or a folder of the store belongs to another user.
    #[error("the {0} belongs to another user")]
    Foreign(StorePart),
    /// Other users may read or write a file or a folder of the store.
    #[error("the {0} is open to other users")]
    Open(StorePart),
    /// It is something else than it should be: a symbolic link, a link with another name, a pipe, a device.
    #[error("the {0} is a link, a pipe, a device or another thing")]
    OtherKind(StorePart),
    /// The file is larger than any token.
    #[error("the token file is too large")]
    TooLarge,
    /// The user has no folder for caches.
    #[error("no folder for caches is known: neither XDG_CACHE_HOME nor HOME is set")]
    NoCache,
    /// The token was stored for another request, such as another client's or another site's, and copied to
    /// this one's place; or it was changed.
    #[error("the stored token belongs to another token request, or was changed")]
    OtherRequest,
    /// The file contains no usable token.
    #[error(transparent)]
    Token(#[from] StoredTokenError),
    /// The operating system says no.
    #[error("the token store cannot be used")]
    Io(#[from] io::Error),
    /// A store of the program's own, or of another crate, says no.
    #[error("the token store cannot be used")]
    #[non_exhaustive]
    Other {
        /// What it says.
        source: Box<dyn Error + Send + Sync>,
        /// What to do next.
        advice: &'static str,
    },
}

/// A part of a file store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StorePart {
    /// The folder.
    Folder,
    /// The file with the token.
    TokenFile,
    /// The file that is locked.
    LockFile,
}

impl std::fmt::Display for StorePart {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Folder => "folder of the token store",
            Self::TokenFile => "token file",
            Self::LockFile => "lock file of the token store",
        })
    }
}

impl StoreError {
    /// Creates the error of a store of the program's own, whose cause says what to fix.
    pub fn other(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::other_with_advice(cause, "Fix what the cause names.")
    }

    /// Creates the error of a store of the program's own, with a sentence on what to do next.
    ///
    /// ```
    /// use edx_auth_driver::{Error, StoreError};
    ///
    /// let advice = "Unlock the vault.";
    /// let error = Error::from(StoreError::other_with_advice("the vault is sealed", advice));
    ///
    /// assert_eq!(error.advice(), advice);
    /// ```
    pub fn other_with_advice(
        cause: impl Into<Box<dyn Error + Send + Sync>>,
        advice: &'static str,
    ) -> Self {
        Self::Other {
            source: cause.into(),
            advice,
        }
    }

    /// Returns one sentence on what to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Busy => {
                "Look for a process of this program that is stopped, or for what makes the token \
                 endpoint slow."
            }
            Self::Hangs => "Look for a network file system or a store that does not respond.",
            Self::NoLocks(_) => {
                "Use a local disk: without locks, each process requests its own token."
            }
            Self::Foreign(_) | Self::Open(_) => {
                "Give the program a folder that belongs to its user, with mode 0700 and files of mode 0600."
            }
            Self::OtherKind(_) => {
                "Remove it, and look for who has put it there: it may be an attack on the token."
            }
            Self::TooLarge => "Remove the file, or name the right one.",
            Self::NoCache => "Name a folder: EDX_TOKEN_STORE=file:/path.",
            Self::OtherRequest => {
                "Look for what copies or changes the contents of the token store; the next token replaces it."
            }
            Self::Token(error) => error.advice(),
            Self::Io(_) => {
                "Fix what the cause names: the path, the permissions or the space on the disk."
            }
            Self::Other { advice, .. } => advice,
        }
    }
}
