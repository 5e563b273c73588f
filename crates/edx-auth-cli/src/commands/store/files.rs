//! The files of the token store.

use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::failure::Failure;

/// Returns the token files in this folder; none if there is no folder yet.
pub(super) fn tokens(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let found = paths(folder).map_err(|error| cannot_use(folder, error))?;
    let mut tokens: Vec<_> = found.into_iter().filter(|path| is_token(path)).collect();
    tokens.sort();
    Ok(tokens)
}

/// Returns the content of a token file.
pub(super) fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut content = Zeroizing::new(Vec::new());
    let read = File::open(path).and_then(|file| file.take(LONGEST).read_to_end(&mut content));
    read.map_err(|error| cannot_use(path, error))?;
    Ok(content)
}

/// Removes the token files and returns how many they were, and what a process has left that was killed while it
/// wrote one. The lock files stay: a process may hold one.
pub(super) fn clear(folder: &Path) -> Result<usize, Failure> {
    let found = paths(folder).map_err(|error| cannot_use(folder, error))?;
    let (tokens, others): (Vec<_>, Vec<_>) = found.into_iter().partition(|path| is_token(path));
    for path in others.iter().filter(|path| is_unfinished(path)) {
        // The process may still run, and be faster.
        fs::remove_file(path).or_else(|error| match error.kind() {
            io::ErrorKind::NotFound => Ok(()),
            _ => Err(cannot_use(path, error)),
        })?;
    }
    for path in &tokens {
        fs::remove_file(path).map_err(|error| cannot_use(path, error))?;
    }
    Ok(tokens.len())
}

fn paths(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

/// Reports whether this is a token file of the store, and no link to a file elsewhere.
fn is_token(path: &Path) -> bool {
    let is_file = fs::symlink_metadata(path).is_ok_and(|file| file.is_file());
    is_file && path.extension() == Some(OsStr::new("token"))
}

/// Reports whether this is a file that was to become a token file.
fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
    name.contains(".token.") && path.extension() == Some(OsStr::new("new"))
}

fn cannot_use(path: &Path, source: io::Error) -> Failure {
    let path = path.to_owned();
    Failure::File { path, source }
}

/// More than any token file has.
const LONGEST: u64 = 64 * 1024;
