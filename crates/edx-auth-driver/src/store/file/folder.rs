//! A folder that belongs to its user alone.

#[cfg(any(not(unix), test))]
mod other;
#[cfg(unix)]
mod unix;

use crate::store::StoreError;

#[cfg(not(unix))]
pub(super) use other::Folder;
#[cfg(unix)]
pub(super) use unix::Folder;

impl Folder {
    /// Writes a whole file to the disk, beside the one of this name. It replaces that one later, in one step.
    pub(super) fn write(&self, name: &str, bytes: &[u8]) -> Result<NewFile<'_>, StoreError> {
        let new = NewFile {
            folder: self,
            name: format!("{name}.{:016x}.new", fastrand::u64(..)),
        };
        self.create_file(&new.name, bytes)?;
        Ok(new)
    }
}

/// A file with a name that no reader knows, which is removed unless it gets another.
pub(super) struct NewFile<'a> {
    folder: &'a Folder,
    name: String,
}

impl NewFile<'_> {
    /// Replaces the file of this name.
    pub(super) fn replace(self, name: &str) -> Result<(), StoreError> {
        Ok(self.folder.rename(&self.name, name)?)
    }
}

impl Drop for NewFile<'_> {
    fn drop(&mut self) {
        self.folder.remove(&self.name);
    }
}
