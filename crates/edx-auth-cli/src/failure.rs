//! Why a command failed, its exit code, and what standard error says about it.

mod code;
mod report;

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use edx_auth_ureq::{AccessTokenError, EnvConfigError, PositionError, StoreError, UrlError};

use crate::commands::CurlOptionError;
use crate::profiles::ProfileError;
pub(crate) use code::Code;
pub(crate) use report::warn;

/// Why a command failed. `Display` says what failed, `source` why.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Edx(#[from] edx_auth_ureq::Error),
    #[error(transparent)]
    Profile(#[from] ProfileError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Token(#[from] AccessTokenError),
    #[error("the client secret could not be read from standard input")]
    Stdin(#[source] io::Error),
    #[error("the output could not be written")]
    Output(#[source] io::Error),
    #[error("the server could not run")]
    Server(#[source] io::Error),
    #[error("{} cannot be used", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("the response ended early")]
    Body(#[source] io::Error),
    #[error("the response is longer than {0} bytes")]
    TooLong(u64),
    /// Without its path, which may be a token by mistake.
    #[error("the file with the token cannot be used")]
    TokenFile(#[source] io::Error),
    /// An opaque token does not say how old it is, and a copy of it would count as new.
    #[error("EDX_ACCESS_TOKEN_FILE names a file that another process keeps")]
    KeptByAnother,
    #[error("the proxy {proxy} cannot be reached")]
    Proxy { proxy: String, source: io::Error },
    #[error("the host name {host} cannot be looked up")]
    HostName { host: String, source: io::Error },
    #[error("this machine's clock is {0} the site's")]
    Clock(String),
    #[error("curl could not be started")]
    Curl(#[source] io::Error),
    #[error(transparent)]
    CurlOption(#[from] CurlOptionError),
    #[error("a header has no colon between its name and its value")]
    Header,
    #[error("{} is not the resume file of this list", path.display())]
    Resume {
        path: PathBuf,
        source: Option<PositionError>,
    },
    #[error("the output is shorter than when the list was interrupted")]
    Shortened,
}

impl Failure {
    /// Returns what to do next, in a sentence or two.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            Self::Edx(error) => error.advice(),
            Self::Profile(error) => error.advice(),
            Self::Store(error) => error.advice(),
            Self::Token(error) => error.advice(),
            Self::Stdin(_) => "Pass the secret through a pipe, or use --client-secret-file.",
            Self::Output(_) => "Check the space on the disk and what reads the output.",
            Self::Server(_) => "Check whether another process uses the port or the socket.",
            Self::File { .. } => "Check the path and its permissions.",
            Self::Body(_) => "Try again: nothing was written.",
            Self::TooLong(_) => {
                "Check the URL, or use `edx-auth curl`, which writes a response as it arrives."
            }
            Self::TokenFile(_) => {
                "Pass the path of a file, or - for standard input. A token among the arguments is \
                 readable to other users."
            }
            Self::KeptByAnother => {
                "Unset it, and set client credentials to request tokens with; or let programs read that file \
                 itself."
            }
            Self::Proxy { .. } => {
                "Check the address in HTTPS_PROXY and whether the proxy runs, or exempt the host with \
                 NO_PROXY."
            }
            Self::HostName { .. } => {
                "Check the URL of the site, and the name server of this machine. Behind a company \
                 proxy, set HTTPS_PROXY."
            }
            Self::Clock(_) => {
                "Synchronize this machine's clock by NTP, or tell the site's operator that theirs is off."
            }
            Self::Curl(_) => "Install curl, or add its folder to PATH.",
            Self::CurlOption(_) => {
                "Leave the option out, and write a URL as an argument alone. \
                 `edx-auth token --format curl` prints a config for a curl without these checks."
            }
            Self::Header => "Write a header as \"Name: value\".",
            Self::Resume { .. } => {
                "Remove it to start the list from its beginning, or name the file that this list was \
                 interrupted with."
            }
            Self::Shortened => {
                "Append to the output with >>, or remove the resume file to start the list from its \
                 beginning."
            }
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

    /// Returns the error with its causes, on one line.
    pub(crate) fn line(&self) -> String {
        report::line(self)
    }

    /// Writes the error to standard error and returns the exit code. A reader that closed the pipe, as
    /// `head` does, needs no message; but the rest of the output is missing.
    pub(crate) fn end(&self, json: bool) -> ExitCode {
        if matches!(self, Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe) {
            return BROKEN_PIPE.into();
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

/// What shells show for a program that `SIGPIPE` ends.
const BROKEN_PIPE: u8 = 128 + 13;
