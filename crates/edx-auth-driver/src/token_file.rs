//! A file with a token that another process keeps fresh.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::PathBuf;

use edx_auth_core::{Moment, StoredToken};
use zeroize::Zeroizing;

use crate::store::{StoreError, StorePart};

/// A file that is opened again for each reading, so that a replaced file or a changed link is seen.
#[derive(Debug)]
pub(crate) struct TokenFile {
    path: PathBuf,
}

impl TokenFile {
    pub(crate) fn at(path: PathBuf) -> Self {
        Self { path }
    }

    /// Reads the token. Only a regular file is opened: a pipe would make the reader wait.
    pub(crate) fn read(&self, now: Moment) -> Result<StoredToken, StoreError> {
        if !fs::metadata(&self.path)?.is_file() {
            return Err(StoreError::OtherKind(StorePart::TokenFile));
        }
        let bytes = read_bounded(&File::open(&self.path)?)?;
        Ok(StoredToken::read(&bytes, now)?)
    }
}

/// Reads a file to its end, if it is no larger than a token may be.
pub(crate) fn read_bounded(file: &File) -> Result<Zeroizing<Vec<u8>>, StoreError> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(StoredToken::LONGEST + 1));
    file.take(StoredToken::LONGEST as u64 + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() > StoredToken::LONGEST {
        return Err(StoreError::TooLarge);
    }
    Ok(bytes)
}
