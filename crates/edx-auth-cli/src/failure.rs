//! Why a command failed, its exit code, and what standard error says about it.

mod code;
mod report;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use edx_auth_ureq::{EnvConfigError, StoreError, UrlError};

use crate::profiles::ProfileError;

/// Why a command failed. `Display` says what failed, `source` why.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Edx(#[from] edx_auth_ureq::Error),
    #[error(transparent)]
    Profile(#[from] ProfileError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the client secret could not be read from standard input")]
    Stdin(#[source] io::Error),
    #[error("the output could not be written")]
    Output(#[source] io::Error),
    #[error("the server could not run")]
    Server(#[source] io::Error),
    #[error("{} cannot be used", path.display())]
    File { path: PathBuf, source: io::Error },
}

impl Failure {
    /// Returns what to do next, in a sentence or two.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            Self::Edx(error) => error.advice(),
            Self::Profile(error) => error.advice(),
            Self::Store(error) => error.advice(),
            Self::Stdin(_) => "Pass the secret through a pipe, or use --client-secret-file.",
            Self::Output(_) => "Check the space on the disk and what reads the output.",
            Self::Server(_) => "Check whether another process uses the port or the socket.",
            Self::File { .. } => "Check the path and its permissions.",
        }
    }

    /// Reports whether the same command may succeed later.
    pub(crate) fn is_retryable(&self) -> bool {
        matches!(self, Self::Edx(error) if error.is_retryable())
    }

    /// Returns how long to wait before that, where it is known.
    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Edx(error) => error.retry_after(),
            _ => None,
        }
    }

    /// Writes the error to standard error and returns the exit code. A reader that closed the pipe, as
    /// `head` does, has all that it wanted.
    pub(crate) fn end(&self, json: bool) -> ExitCode {
        if matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe) {
            return ExitCode::SUCCESS;
        }
        report::write(self, json);
        self.code().into()
    }
}

impl From<EnvConfigError> for Failure {
    fn from(error: EnvConfigError) -> Self {
        Self::Edx(error.into())
    }
}

impl From<UrlError> for Failure {
    fn from(error: UrlError) -> Self {
        Self::Edx(error.into())
    }
}
