//! A sidecar that keeps a token in a file fresh, for programs without client credentials.
//!
//! ```text
//! cargo run -p edx-auth-services --example sidecar -- /run/edx/token
//! ```
//!
//! It reads the `EDX_*` variables. A program beside it needs only `EDX_ACCESS_TOKEN_FILE=/run/edx/token`, or
//! `TokenSource::from_file`. The file has to be on a file system that both can see, such as a shared `tmpfs`.

use std::error::Error;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::time::Duration;

use edx_auth_ureq::{Generation, TokenSource};

fn main() -> Result<(), Box<dyn Error>> {
    let source = TokenSource::from_env()?;
    let path = std::env::args_os().nth(1).ok_or("usage: sidecar FILE")?;
    let mut written = None;
    loop {
        written = refresh(&source, written, path.as_ref())?;
    }
}

/// Writes the next token after this one to the file, and returns its number. Returns after half a minute if
/// there is none yet: a token is renewed some minutes before its end.
pub(crate) fn refresh(
    source: &TokenSource,
    written: Option<Generation>,
    path: &Path,
) -> io::Result<Option<Generation>> {
    source.prefetch(); // renews a token that is due, and waits for nothing
    let Some(token) = source.wait_newer(written, HALF_A_MINUTE) else {
        return Ok(written);
    };
    if let Some(stored) = source.export() {
        replace(path, &stored.to_bytes())?;
    }
    Ok(Some(token.generation()))
}

/// Replaces a file: its readers see either the old token or the new one. Only this user can read it.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let unfinished = path.with_extension("new");
    // What a crash has left may be a link, or open to others.
    fs::remove_file(&unfinished).ok();
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(&unfinished)?.write_all(bytes)?;
    fs::rename(unfinished, path)
}

const HALF_A_MINUTE: Duration = Duration::from_secs(30);
