//! Standard output, where the result of a command goes and nothing else.

use std::io::{self, Write as _};

use crate::failure::Failure;

/// Writes bytes to standard output.
pub(crate) fn write(bytes: &[u8]) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    let written = stdout.write_all(bytes).and_then(|()| stdout.flush());
    written.map_err(Failure::Output)
}
