//! The command that runs after each new token.

use std::env;
use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::{Child, Command, Stdio};

use super::notify;

/// A command for the shell, and the last run of it.
#[derive(Debug)]
pub(super) struct Hook {
    command: String,
    running: Option<Child>,
    /// Whether there is a token that no run has begun for.
    is_due: bool,
}

impl Hook {
    pub(super) fn new(command: &str) -> Self {
        Self {
            command: command.to_owned(),
            running: None,
            is_due: false,
        }
    }

    /// Takes note of a new token. The command runs as soon as its last run has ended.
    pub(super) fn on_token(&mut self) {
        self.is_due = true;
        self.poll();
        if self.is_due {
            report("its last run has not ended; it runs after that");
        }
    }

    /// Starts the command if it is due and its last run has ended. Failures are reported, and change nothing.
    pub(super) fn poll(&mut self) {
        let still_runs = matches!(self.running.as_mut().map(Child::try_wait), Some(Ok(None)));
        if still_runs || !self.is_due {
            return;
        }
        self.is_due = false;
        match self.shell().spawn() {
            Ok(child) => self.running = Some(child),
            Err(error) => report(error),
        }
    }

    /// Returns the shell with the command. It has the environment of this process without secrets.
    fn shell(&self) -> Command {
        let mut shell = Command::new(if cfg!(windows) { "cmd" } else { "sh" });
        shell.arg(if cfg!(windows) { "/C" } else { "-c" });
        shell.arg(&self.command).stdin(Stdio::null());
        for (name, _) in env::vars_os() {
            if is_private(&name.to_string_lossy()) {
                shell.env_remove(name);
            }
        }
        shell
    }
}

/// Reports whether a variable is for this process alone: one with a secret or, so that no later name is
/// forgotten, any other that may name one.
fn is_private(name: &str) -> bool {
    let may_have_secret = name.contains("EDX_") && !PUBLIC.contains(&name);
    may_have_secret || name == notify::VARIABLE
}

fn report(problem: impl Display) {
    let _closed = writeln!(io::stderr(), "edx-auth: --exec did not run: {problem}");
}

/// These have no secret.
const PUBLIC: [&str; 2] = ["EDX_API_URL", "EDX_TOKEN_URL"];

#[cfg(test)]
mod tests {
    use super::is_private;

    #[test]
    fn every_variable_with_a_secret_is_private() {
        for name in [
            "EDX_CLIENT_SECRET",
            "EDX_ACCESS_TOKEN_FILE",
            "BACKEND_SERVICE_EDX_OAUTH2_SECRET",
            "SOCIAL_AUTH_EDX_OAUTH2_SECRET",
            "NOTIFY_SOCKET",
        ] {
            assert!(is_private(name), "{name}");
        }
        for name in ["PATH", "HOME", "EDX_TOKEN_URL"] {
            assert!(!is_private(name), "{name}");
        }
    }
}
