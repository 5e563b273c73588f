//! What is wrong with the environment, and what to do about it.

use alloc::string::String;

use thiserror::Error;

use crate::client_name::ClientNameError;
use crate::exchange::CredentialsError;
use crate::url::UrlError;

/// Variables that ask for nothing that can be done.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvConfigError {
    /// Neither the variable nor its `.._FILE` is set.
    #[error("{variable} is not set{}", but(*instead))]
    Missing {
        /// The name of the variable.
        variable: &'static str,
        /// Another pair of variables, which is set and may be what was meant.
        instead: Option<ForeignPair>,
    },
    /// The variable and its `.._FILE` are both set, and nobody can tell which one is meant.
    #[error("{variable} and {variable}_FILE are both set")]
    ValueAndFile {
        /// The name of the variable.
        variable: &'static str,
    },
    /// A value, or what its file holds, that is not Unicode.
    #[error("{variable} is not Unicode text")]
    NotUnicode {
        /// The name of the variable.
        variable: &'static str,
    },
    /// A file that cannot be read.
    #[error("the file of {variable}_FILE cannot be read: {reason}")]
    File {
        /// The name of the variable, without `_FILE`.
        variable: &'static str,
        /// What the system said.
        reason: String,
    },
    /// The pair was damaged on its way into the environment.
    #[error("in the environment, {0}")]
    Credentials(CredentialsError),
    /// A list of hosts with something in it that is none.
    #[error("{variable} names something that is no host")]
    NotAHost {
        /// The name of the variable.
        variable: &'static str,
    },
    /// A list of origins with something in it that the token cannot be sent to.
    #[error("{variable} names an origin that is none: {error}")]
    Origin {
        /// The name of the variable.
        variable: &'static str,
        /// Why not.
        error: UrlError,
    },
    /// A name that no header can carry, or that a site would misread.
    #[error("{variable}: {error}")]
    ClientName {
        /// The name of the variable.
        variable: &'static str,
        /// Why not.
        error: ClientNameError,
    },
    /// The token URL cannot be trusted with a secret.
    #[error("{variable}: {error}")]
    TokenUrl {
        /// The name of the variable.
        variable: &'static str,
        /// Why not.
        error: UrlError,
    },
}

/// A pair of credentials under names that Open edX itself uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForeignPair {
    /// `BACKEND_SERVICE_EDX_OAUTH2_KEY` and `.._SECRET`: the right kind, under another name.
    BackendService,
    /// `SOCIAL_AUTH_EDX_OAUTH2_KEY` and `.._SECRET`: for logging people in, the wrong kind.
    Login,
}

impl EnvConfigError {
    /// One sentence on what to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Missing {
                instead: Some(ForeignPair::BackendService),
                ..
            } => {
                "Read that pair with from_open_edx_env(), or set EDX_CLIENT_ID, EDX_CLIENT_SECRET \
                 and EDX_TOKEN_URL to the same."
            }
            Self::Missing {
                instead: Some(ForeignPair::Login),
                ..
            } => {
                "Set EDX_CLIENT_ID and EDX_CLIENT_SECRET to a pair for client credentials: the \
                 one that is set is for logging people in, and gets no token this way."
            }
            Self::Missing { variable, .. } if variable.starts_with("BACKEND_SERVICE_") => {
                "Set BACKEND_SERVICE_EDX_OAUTH2_KEY, BACKEND_SERVICE_EDX_OAUTH2_SECRET and \
                 BACKEND_SERVICE_EDX_OAUTH2_PROVIDER_URL, as the site's services have them."
            }
            Self::Missing { .. } => {
                "Set EDX_CLIENT_ID and EDX_CLIENT_SECRET, or EDX_CLIENT_ID_FILE and \
                 EDX_CLIENT_SECRET_FILE with the paths of files that hold them."
            }
            Self::ValueAndFile { .. } => "Unset one of the two.",
            Self::NotUnicode { .. } => "Save it as UTF-8 text.",
            Self::File { .. } => "Check the path, and that this user may read the file.",
            Self::NotAHost { .. } => {
                "Name the hosts alone, without scheme and port, such as `lms`."
            }
            Self::Credentials(error) => error.advice(),
            Self::TokenUrl { error, .. } | Self::Origin { error, .. } => error.advice(),
            Self::ClientName { error, .. } => error.advice(),
        }
    }
}

fn but(instead: Option<ForeignPair>) -> &'static str {
    match instead {
        Some(ForeignPair::BackendService) => ", but BACKEND_SERVICE_EDX_OAUTH2_KEY is",
        Some(ForeignPair::Login) => ", but SOCIAL_AUTH_EDX_OAUTH2_KEY is",
        None => "",
    }
}
