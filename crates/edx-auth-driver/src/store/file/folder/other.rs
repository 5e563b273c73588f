//! Elsewhere, as on Windows: what is created in a folder has the permissions of that folder, and the profile of
//! a user is closed to others. Only the kinds of what is there are checked.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::store::{StoreError, StorePart};
use crate::token_file::read_bounded;

pub(in crate::store) struct Folder(PathBuf);

impl Folder {
    /// Opens the folder; `None` if there is none.
    pub(in crate::store) fn open(path: &Path) -> Result<Option<Self>, StoreError> {
        let is_there = finds(path, Metadata::is_dir, StorePart::Folder)?;
        Ok(is_there.then(|| Self(path.to_path_buf())))
    }

    /// Opens the folder, after creating it if there is none.
    pub(in crate::store) fn create(path: &Path) -> Result<Self, StoreError> {
        if let Some(folder) = Self::open(path)? {
            return Ok(folder);
        }
        fs::create_dir_all(path)?;
        Self::open(path)?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound).into())
    }

    /// Returns the content of a file; `None` if there is none.
    pub(in crate::store) fn read(
        &self,
        name: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let path = self.0.join(name);
        if !finds(&path, Metadata::is_file, StorePart::TokenFile)? {
            return Ok(None);
        }
        read_bounded(&File::open(path)?).map(Some)
    }

    /// Opens the file that is locked, which is never renamed or removed.
    pub(in crate::store) fn lock_file(&self, name: &str) -> Result<File, StoreError> {
        let path = self.0.join(name);
        finds(&path, Metadata::is_file, StorePart::LockFile)?;
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false);
        Ok(options.open(path)?)
    }

    pub(super) fn create_file(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let mut options = OpenOptions::new();
        let options = options.write(true).create_new(true);
        let mut file = options.open(self.0.join(name))?;
        file.write_all(bytes)?;
        file.sync_all()
    }

    pub(super) fn rename(&self, from: &str, to: &str) -> io::Result<()> {
        fs::rename(self.0.join(from), self.0.join(to))
    }

    pub(super) fn remove(&self, name: &str) {
        let _gone = fs::remove_file(self.0.join(name));
    }
}

/// Reports whether there is something of this kind under this path. A link is of no kind.
fn finds(
    path: &Path,
    is_of_kind: fn(&Metadata) -> bool,
    part: StorePart,
) -> Result<bool, StoreError> {
    match fs::symlink_metadata(path) {
        Ok(found) if is_of_kind(&found) => Ok(true),
        Ok(_) => Err(StoreError::OtherKind(part)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error.into()),
    }
}

#[cfg(all(test, unix))]
#[allow(clippy::unwrap_used, reason = "a test may panic")]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::testing::Folder as TestFolder;

    #[test]
    fn a_file_is_created_renamed_and_read() {
        let around = TestFolder::new();
        let path = around.join("store");
        assert!(Folder::open(&path).unwrap().is_none());
        let folder = Folder::create(&path).unwrap();
        assert!(folder.read("token").unwrap().is_none());

        for content in ["one", "two"] {
            folder.create_file("new", content.as_bytes()).unwrap();
            folder.rename("new", "token").unwrap();
            folder.remove("new");
        }

        assert_eq!(*folder.read("token").unwrap().unwrap(), b"two");
        drop(folder.lock_file("lock").unwrap());
        drop(folder.lock_file("lock").unwrap());
        assert_eq!(fs::read_dir(&path).unwrap().count(), 2);
    }

    #[test]
    fn links_and_what_is_of_another_kind_are_rejected() {
        let around = TestFolder::new();
        let (path, target) = (around.join("store"), around.join("target"));
        let folder = Folder::create(&path).unwrap();
        symlink(&target, path.join("token")).unwrap();
        symlink(&target, path.join("lock")).unwrap();
        symlink(&path, around.join("link")).unwrap();

        let errors = [
            (folder.read("token").unwrap_err(), StorePart::TokenFile),
            (folder.lock_file("lock").unwrap_err(), StorePart::LockFile),
            (
                Folder::open(&around.join("link")).err().unwrap(),
                StorePart::Folder,
            ),
        ];

        for (error, part) in errors {
            assert!(
                matches!(error, StoreError::OtherKind(of) if of == part),
                "{error:?}"
            );
        }
        assert!(!target.exists());
    }
}
