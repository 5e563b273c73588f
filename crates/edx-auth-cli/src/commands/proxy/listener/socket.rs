//! A Unix socket for its owner alone.

use std::fs;
use std::io;
use std::os::unix::fs::FileTypeExt as _;
use std::os::unix::net::UnixStream;
use std::path::Path;

use rustix::fs::Mode;
use rustix::process::umask;
use tokio::net::UnixListener;

/// Binds the socket with mode 0600, from its first moment on. Replaces the socket of a process that has ended,
/// and nothing else.
pub(super) fn bind(path: &Path) -> io::Result<UnixListener> {
    if is_left_over(path) {
        fs::remove_file(path)?;
    }
    // For the whole process: there is no other thread yet.
    let before = umask(Mode::RWXG | Mode::RWXO | Mode::XUSR);
    let bound = UnixListener::bind(path);
    umask(before);
    bound
}

fn is_left_over(path: &Path) -> bool {
    let found = fs::symlink_metadata(path);
    let is_socket = found.is_ok_and(|found| found.file_type().is_socket());
    is_socket && has_no_listener(path)
}

fn has_no_listener(path: &Path) -> bool {
    UnixStream::connect(path).is_err_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
}
