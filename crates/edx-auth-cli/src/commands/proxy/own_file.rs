//! A file that leads to this proxy, and is removed when the proxy ends.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// A file of this proxy. Dropping it removes the file, unless another one has taken its place.
#[derive(Debug)]
pub(super) struct OwnFile {
    path: PathBuf,
    identity: Identity,
}

impl OwnFile {
    /// Takes over a file that this process has just created.
    pub(super) fn created(path: &Path) -> io::Result<Self> {
        Ok(Self {
            path: path.to_owned(),
            identity: identity(&fs::symlink_metadata(path)?),
        })
    }
}

impl Drop for OwnFile {
    fn drop(&mut self) {
        let found = fs::symlink_metadata(&self.path);
        if found.is_ok_and(|found| identity(&found) == self.identity) {
            let _gone = fs::remove_file(&self.path);
        }
    }
}

/// Device, number and time of the last change: a number may be used again.
#[cfg(unix)]
type Identity = (u64, u64, i64, i64);

#[cfg(unix)]
fn identity(file: &Metadata) -> Identity {
    use std::os::unix::fs::MetadataExt as _;

    (file.dev(), file.ino(), file.mtime(), file.mtime_nsec())
}

#[cfg(not(unix))]
type Identity = Option<std::time::SystemTime>;

#[cfg(not(unix))]
fn identity(file: &Metadata) -> Identity {
    file.modified().ok()
}
