//! Errors in the environment variables, and what to do about them.

use alloc::string::String;

use thiserror::Error;

use crate::client_name::ClientNameError;
use crate::exchange::CredentialsError;
use crate::url::UrlError;

/// Why the environment variables are not a valid configuration.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvConfigError {
    /// Neither the variable nor its `.._FILE` is set.
    #[error("{variable} is not set{}", hint(*instead))]
    Missing {
        /// The name of the variable.
        variable: &'static str,
        /// Other variables with client credentials, if such are set.
        instead: Option<ForeignPair>,
    },
    /// The variable and its `.._FILE` are both set.
    #[error("{variable} and {variable}_FILE are both set")]
    ValueAndFile {
        /// The name of the variable.
        variable: &'static str,
    },
    /// A token file and client credentials are both set.
    #[error("EDX_ACCESS_TOKEN_FILE and {variable} are both set")]
    TokenFileAndCredentials {
        /// The variable with client credentials.
        variable: &'static str,
    },
    /// The value, or the content of its file, is not Unicode.
    #[error("{variable} is not Unicode text")]
    NotUnicode {
        /// The name of the variable.
        variable: &'static str,
    },
    /// The file cannot be read.
    #[error("the file named by {variable}_FILE cannot be read: {reason}")]
    File {
        /// The name of the variable, without `_FILE`.
        variable: &'static str,
        /// The operating system's error.
        reason: String,
    },
    /// The client credentials are invalid.
    #[error("the client credentials in the environment are invalid: {0}")]
    Credentials(CredentialsError),
    /// A file with client credentials has invalid ones.
    #[error("the client credentials in a file are invalid: {0}")]
    CredentialsFile(CredentialsError),
    /// An entry in a list of hosts is not a host: it has a scheme or a port, it is the value of a switch
    /// such as `true`, or something other than a comma separates the hosts.
    #[error("{variable} contains an invalid host name")]
    NotAHost {
        /// The name of the variable.
        variable: &'static str,
    },
    /// An entry in a list of origins is not an origin that the token may be sent to.
    #[error("{variable} contains an invalid origin: {error}")]
    Origin {
        /// The name of the variable.
        variable: &'static str,
        /// What is wrong with it.
        error: UrlError,
    },
    /// The program's name is invalid.
    #[error("{variable} is invalid: {error}")]
    ClientName {
        /// The name of the variable.
        variable: &'static str,
        /// What is wrong with it.
        error: ClientNameError,
    },
    /// The value does not name a token store.
    #[error("{variable} names no token store")]
    TokenStore {
        /// The name of the variable.
        variable: &'static str,
    },
    /// This build has no token store in files.
    #[error("EDX_TOKEN_STORE is set, and this build has no token store in files")]
    NoFileStore,
    /// The value is not the URL of a proxy. It is not shown: it may contain a password.
    #[error("{variable} is not the URL of a proxy")]
    Proxy {
        /// The name of the variable.
        variable: &'static str,
    },
    /// The client secret must not be sent to this token URL.
    #[error("{variable} is invalid: {error}")]
    TokenUrl {
        /// The name of the variable.
        variable: &'static str,
        /// What is wrong with it.
        error: UrlError,
    },
}

/// Client credentials in variables that Open edX itself uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ForeignPair {
    /// `BACKEND_SERVICE_EDX_OAUTH2_KEY` and `.._SECRET`: the right grant type, another name.
    BackendService,
    /// `SOCIAL_AUTH_EDX_OAUTH2_KEY` and `.._SECRET`: for user login, another grant type.
    Login,
}

impl EnvConfigError {
    /// Reports whether the configuration may be valid later: the process that writes a file with client
    /// credentials has created it, and not written it yet.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        matches!(self, Self::CredentialsFile(CredentialsError::Empty(_)))
    }

    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Missing { variable, instead } => missing(variable, *instead),
            Self::ValueAndFile { .. } => UNSET_ONE,
            Self::TokenFileAndCredentials { .. } => TOKEN_FILE_AND_CREDENTIALS,
            Self::NotUnicode { .. } => NOT_UNICODE,
            Self::File { .. } => FILE,
            Self::NotAHost { .. } => NOT_A_HOST,
            Self::TokenStore { .. } => TOKEN_STORE,
            Self::NoFileStore => NO_FILE_STORE,
            Self::Proxy { .. } => PROXY,
            Self::CredentialsFile(CredentialsError::Empty(_)) => EMPTY_FILE,
            Self::Credentials(error) | Self::CredentialsFile(error) => error.advice(),
            Self::TokenUrl { error, .. } | Self::Origin { error, .. } => error.advice(),
            Self::ClientName { error, .. } => error.advice(),
        }
    }
}

fn hint(instead: Option<ForeignPair>) -> &'static str {
    match instead {
        Some(ForeignPair::BackendService) => ", but BACKEND_SERVICE_EDX_OAUTH2_KEY is",
        Some(ForeignPair::Login) => ", but SOCIAL_AUTH_EDX_OAUTH2_KEY is",
        None => "",
    }
}

/// Returns what to do about a variable that is not set.
fn missing(variable: &str, instead: Option<ForeignPair>) -> &'static str {
    match instead {
        Some(ForeignPair::BackendService) => OPEN_EDX_VARIABLES,
        Some(ForeignPair::Login) => LOGIN_VARIABLES,
        None if variable.starts_with("BACKEND_SERVICE_") => MISSING_BACKEND_SERVICE,
        None => MISSING,
    }
}

const OPEN_EDX_VARIABLES: &str = "\
    Read those variables with from_open_edx_env(), or set EDX_CLIENT_ID, EDX_CLIENT_SECRET and \
    EDX_TOKEN_URL to the same values.";

const LOGIN_VARIABLES: &str = "\
    Set EDX_CLIENT_ID and EDX_CLIENT_SECRET to those of an application for the client credentials \
    grant: SOCIAL_AUTH_EDX_OAUTH2_KEY is for user login and gets no token this way.";

const MISSING_BACKEND_SERVICE: &str = "\
    Set BACKEND_SERVICE_EDX_OAUTH2_KEY, BACKEND_SERVICE_EDX_OAUTH2_SECRET and \
    BACKEND_SERVICE_EDX_OAUTH2_PROVIDER_URL, as the site's services have them.";

const MISSING: &str = "\
    Set EDX_CLIENT_ID and EDX_CLIENT_SECRET, or EDX_CLIENT_ID_FILE and EDX_CLIENT_SECRET_FILE with \
    the paths of files that contain them.";

const UNSET_ONE: &str = "Unset one of the two.";

const TOKEN_FILE_AND_CREDENTIALS: &str = "\
    Unset one of the two: with a token that another process keeps fresh, a program needs no client \
    credentials.";

const NOT_UNICODE: &str = "Save the value, or the file that holds it, as UTF-8 text.";

const FILE: &str = "Check the path, and that this user may read the file.";

const EMPTY_FILE: &str = "\
    Wait until the file is written, and try again; or copy the text into it from the page that showed it.";

const NOT_A_HOST: &str = "\
    Write only the host names, without scheme and port and separated by commas, such as `lms,cms`: \
    a value such as `true` or `*` allows nothing.";

const TOKEN_STORE: &str = "\
    Write `file`, for a folder in the user's cache, or `file:` and the absolute path of a folder.";

const NO_FILE_STORE: &str = "\
    Add the feature `file-store` of edx-auth-ureq or edx-auth-reqwest, or unset the variable.";

const PROXY: &str = "\
    Write it as http://host:port or http://user:password@host:port, with special characters \
    percent-encoded; other schemes are https, socks4, socks4a, socks5 and socks5h.";
