//! On Unix: every file is opened in the open folder, follows no link, and is checked once it is open. So nothing
//! can be swapped between a check and its use.

use std::fs::{DirBuilder, File};
use std::io::{self, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::Path;

use rustix::fs::{AtFlags, Mode, OFlags};
use rustix::io::Errno;
use zeroize::Zeroizing;

use crate::store::{StoreError, StorePart};
use crate::token_file::read_bounded;

pub(in crate::store) struct Folder(File);

impl Folder {
    /// Opens the folder; `None` if there is none.
    pub(in crate::store) fn open(path: &Path) -> Result<Option<Self>, StoreError> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | ALWAYS;
        let folder = match rustix::fs::open(path, flags, Mode::empty()) {
            Ok(folder) => File::from(folder),
            Err(Errno::NOENT) => return Ok(None),
            Err(error) => return Err(rejected(error, StorePart::Folder)),
        };
        check_owner(&folder, StorePart::Folder)?;
        Ok(Some(Self(folder)))
    }

    /// Opens the folder, after creating it if there is none.
    pub(in crate::store) fn create(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = Self::open(path)? {
            return Ok(folder);
        }
        DirBuilder::new().recursive(true).mode(0o700).create(path)?;
        Self::open(path)?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound).into())
    }

    /// Returns the content of a file; `None` if there is none.
    pub(in crate::store) fn read(
        &self,
        name: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        // Opening a pipe waits for its other end unless told otherwise.
        let flags = OFlags::RDONLY | OFlags::NONBLOCK;
        match self.open_at(name, flags) {
            Ok(file) => {
                let file = checked(file, StorePart::TokenFile)?;
                read_bounded(&file).map(Some)
            }
            Err(Errno::NOENT) => Ok(None),
            Err(error) => Err(rejected(error, StorePart::TokenFile)),
        }
    }

    /// Opens the file that is locked, which is never renamed or removed: a lock on a file that has lost its
    /// name would keep out no other process.
    pub(in crate::store) fn lock_file(&self, name: &str) -> Result<File, StoreError> {
        let flags = OFlags::RDWR | OFlags::CREATE | OFlags::NONBLOCK;
        let file = self.open_at(name, flags);
        checked(
            file.map_err(|error| rejected(error, StorePart::LockFile))?,
            StorePart::LockFile,
        )
    }

    pub(super) fn create_file(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
        let mut file = File::from(self.open_at(name, flags)?);
        file.write_all(bytes)?;
        file.sync_all()
    }

    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        rustix::fs::renameat(&self.0, from, &self.0, to)?;
        // After a power failure the old token may be back, which is no loss.
        let _synced = self.0.sync_all();
        Ok(())
    }

    pub(super) fn remove(&self, name: &str) {
        let _gone = rustix::fs::unlinkat(&self.0, name, AtFlags::empty());
    }

    fn open_at(&self, name: &str, flags: OFlags) -> rustix::io::Result<OwnedFd> {
        rustix::fs::openat(&self.0, name, flags | ALWAYS, Mode::RUSR | Mode::WUSR)
    }
}

/// Checks that an open file is a regular one, with one name at most, and its user's alone. It has none if it
/// was replaced since it was opened.
fn checked(file: OwnedFd, part: StorePart) -> Result<File, StoreError> {
    let file = File::from(file);
    let found = file.metadata()?;
    if !found.is_file() || found.nlink() > 1 {
        return Err(StoreError::OtherKind(part));
    }
    check_owner(&file, part)?;
    Ok(file)
}

fn check_owner(file: &File, part: StorePart) -> Result<(), StoreError> {
    let found = file.metadata()?;
    if found.uid() != rustix::process::geteuid().as_raw() {
        Err(StoreError::Foreign(part))
    } else if found.mode() & OTHERS != 0 {
        Err(StoreError::Open(part))
    } else {
        Ok(())
    }
}

/// Names what cannot be opened because it is a link, or of another kind: a socket, or no folder.
fn rejected(error: Errno, part: StorePart) -> StoreError {
    match error {
        // A link is a LOOP, or on FreeBSD an MLINK.
        Errno::LOOP | Errno::MLINK | Errno::NOTDIR | Errno::NXIO | Errno::ISDIR => {
            StoreError::OtherKind(part)
        }
        error => StoreError::Io(error.into()),
    }
}

const ALWAYS: OFlags = OFlags::NOFOLLOW
    .union(OFlags::CLOEXEC)
    .union(OFlags::NOCTTY);

/// The permissions of the group and of all others.
const OTHERS: u32 = 0o077;
