//! Runs a command with a time limit.

use std::io;
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Runs `command`, and kills it after `limit`. The error is its last line on standard error.
pub(super) fn run(command: &mut Command, limit: Duration) -> Result<(), String> {
    match finish(command, limit) {
        Ok(output) if output.status.success() => Ok(()),
        Ok(output) => Err(last_line(&output.stderr)),
        Err(error) => Err(error.to_string()),
    }
}

fn finish(command: &mut Command, limit: Duration) -> io::Result<Output> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let deadline = Instant::now() + limit;
    while child.try_wait()?.is_none() {
        if Instant::now() > deadline {
            child.kill()?;
        }
        thread::sleep(POLL);
    }
    child.wait_with_output()
}

fn last_line(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let last = text.lines().rfind(|line| !line.trim().is_empty());
    last.unwrap_or("it ended without an error message")
        .to_owned()
}

const POLL: Duration = Duration::from_millis(50);
