//! The command that runs after each new token.

use std::fmt::Display;
use std::io::{self, Write as _};
use std::process::{Child, Command, Stdio};

use super::notify;
use crate::private_variables;

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
            report("--exec did not run: its last run has not ended; it runs after that");
        }
    }

    /// Starts the command if it is due and its last run has ended. Failures are reported, and change nothing.
    pub(super) fn poll(&mut self) {
        self.end_run();
        if self.running.is_some() || !self.is_due {
            return;
        }
        self.is_due = false;
        match self.shell().spawn() {
            Ok(child) => self.running = Some(child),
            Err(error) => report(format_args!("--exec did not run: {error}")),
        }
    }

    /// Takes note that the last run has ended, and how.
    fn end_run(&mut self) {
        let running = self.running.as_mut();
        let Some(ended) = running.and_then(|child| child.try_wait().transpose()) else {
            return;
        };
        self.running = None;
        match ended {
            Ok(status) if status.success() => {}
            Ok(status) => report(format_args!("--exec ended with {status}")),
            Err(error) => report(format_args!("--exec cannot be waited for: {error}")),
        }
    }

    /// Returns the shell with the command. It has the environment of this process without secrets, and
    /// does not speak for it to systemd.
    fn shell(&self) -> Command {
        let mut shell = Command::new(if cfg!(windows) { "cmd" } else { "sh" });
        shell.arg(if cfg!(windows) { "/C" } else { "-c" });
        shell.arg(&self.command).stdin(Stdio::null());
        private_variables::remove_from(&mut shell);
        shell.env_remove(notify::VARIABLE);
        shell
    }
}

fn report(problem: impl Display) {
    let _closed = writeln!(io::stderr(), "edx-auth: {problem}");
}
