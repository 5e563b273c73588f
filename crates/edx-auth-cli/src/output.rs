//! Where the result of a command goes: standard output and nothing else on it, or a file.

mod pretty;

use std::fs::{self, File};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::{Path, PathBuf};

use crate::failure::Failure;

/// Writes bytes to standard output.
pub(crate) fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
    written.map_err(Failure::Output)
}

/// Writes JSON to standard output: indented on a terminal, as it is elsewhere.
pub(crate) fn write_json(json: &[u8]) -> Result<(), Failure> {
    if io::stdout().is_terminal() {
        write(&pretty::indented(json))
    } else {
        write(json)
    }
}

/// Writes a file as a whole or not at all.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let new = beside(path);
    let written = write_new(&new, bytes).and_then(|()| fs::rename(&new, path));
    written.map_err(|source| {
        let _never_written = fs::remove_file(&new);
        let path = path.to_owned();
        Failure::File { path, source }
    })
}

fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Returns the path of the new file, in the folder of the one that it replaces.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    path.with_file_name(name)
}
