//! Hands the token over to curl, where no other user can see it.

use std::ffi::OsString;
use std::io;
use std::process::{Command, ExitCode};

use edx_auth_ureq::http::HeaderValue;
use zeroize::Zeroizing;

/// Runs curl in the place of this process, and the config with the header in a pipe that curl inherits.
/// Standard input stays free for curl. As the first argument, `-q` leaves out the user's own config, which could
/// print the token or take it elsewhere.
#[cfg(unix)]
pub(super) fn run(
    mut curl: Command,
    arguments: &[OsString],
    authorization: &HeaderValue,
) -> io::Result<ExitCode> {
    use std::fs::File;
    use std::io::Write as _;
    use std::os::fd::AsRawFd as _;
    use std::os::unix::process::CommandExt as _;

    let (reader, writer) = rustix::pipe::pipe()?;
    // It fits into the pipe, so that no reader is needed yet.
    File::from(writer).write_all(&config(authorization))?;
    curl.args(["-q", "--config"])
        .arg(format!("/dev/fd/{}", reader.as_raw_fd()));
    Err(curl.args(arguments).exec())
}

/// Runs curl with the config on its standard input.
#[cfg(not(unix))]
pub(super) fn run(
    mut curl: Command,
    arguments: &[OsString],
    authorization: &HeaderValue,
) -> io::Result<ExitCode> {
    use std::io::Write as _;
    use std::process::Stdio;

    curl.args(["-q", "--config", "-"]).args(arguments);
    let mut child = curl.stdin(Stdio::piped()).spawn()?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(&config(authorization))?;
    }
    let code = child
        .wait()?
        .code()
        .and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// Returns a config of curl with the header. A URL without a scheme, which cannot be told from the value of
/// an option, has one that is not allowed; and no braces or brackets stand for several URLs.
fn config(authorization: &HeaderValue) -> Zeroizing<Vec<u8>> {
    let mut config = Zeroizing::new(URLS.to_vec());
    config.extend_from_slice(b"header = \"Authorization: ");
    config.extend_from_slice(authorization.as_bytes());
    config.extend_from_slice(b"\"\n");
    config
}

const URLS: &[u8] = b"proto = \"=http,https\"\nproto-default = \"ftp\"\ngloboff\n";
