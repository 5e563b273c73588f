//! Why a command failed, its exit code, and what standard error says about it.

mod code;
mod report;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

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
            Self::File { .. } => "Check the path and its permissions.",
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
