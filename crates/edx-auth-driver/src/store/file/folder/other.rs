//! Elsewhere, as on Windows: the profile folder of a user is closed to others, and so is what is created in it.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::temporary;
use crate::store::{StoreError, StorePart};
use crate::token_file::read_bounded;

pub(in crate::store) struct Folder(PathBuf);

impl Folder {
    /// Opens the folder; `None` if there is none.
    pub(in crate::store) fn open(path: &Path) -> Result<Option<Self>, StoreError> {
        match fs::symlink_metadata(path) {
            Ok(found) if found.is_dir() => Ok(Some(Self(path.to_path_buf()))),
            Ok(_) => Err(StoreError::OtherKind(StorePart::Folder)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens the folder, after creating it if there is none.
    pub(in crate::store) fn create(path: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(path)?;
        Self::open(path)?.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound).into())
    }

    /// Returns the content of a file; `None` if there is none.
    pub(in crate::store) fn read(
        &self,
        name: &str,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        let path = self.0.join(name);
        match fs::symlink_metadata(&path) {
            Ok(found) if found.is_file() => read_bounded(&File::open(path)?).map(Some),
            Ok(_) => Err(StoreError::OtherKind(StorePart::TokenFile)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Replaces a file as a whole: by a new one, which is on the disk before it gets the name.
    pub(in crate::store) fn replace(&self, name: &str, bytes: &[u8]) -> Result<(), StoreError> {
        let new = self.0.join(temporary(name));
        let written = write_new(&new, bytes).and_then(|()| fs::rename(&new, self.0.join(name)));
        written.map_err(|error| {
            let _gone = fs::remove_file(&new);
            error.into()
        })
    }

    /// Opens the file that is locked, which is never renamed or removed.
    pub(in crate::store) fn lock_file(&self, name: &str) -> Result<File, StoreError> {
        let mut options = OpenOptions::new();
        let options = options.read(true).write(true).create(true).truncate(false);
        Ok(options.open(self.0.join(name))?)
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}
