//! Where the result of a command goes: standard output and nothing else on it, or a file.

mod pretty;

use std::fs::{self, OpenOptions};
use std::io::{self, IsTerminal as _, Write as _};
use std::path::Path;

use crate::failure::Failure;
use crate::private_file;

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

/// Returns a text of a token without its control characters: it may come from a stranger.
pub(crate) fn shown(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

/// Writes a file as a whole or not at all. A new file is for its owner alone, and one that exists stays open to
/// those who could read it. What is no file, such as a named pipe, is written to.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let written = match fs::metadata(path) {
        Ok(found) if found.is_file() => private_file::replace(path, bytes)
            .and_then(|()| fs::set_permissions(path, found.permissions())),
        Ok(found) if !found.is_dir() => append(path, bytes),
        _ => private_file::replace(path, bytes),
    };
    written.map_err(|source| {
        let path = path.to_owned();
        Failure::File { path, source }
    })
}

fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    OpenOptions::new().append(true).open(path)?.write_all(bytes)
}
