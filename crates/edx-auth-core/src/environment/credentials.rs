//! Where the client credentials come from: variables, or files that may be replaced at any time.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::{self, Display};

use zeroize::Zeroizing;

use super::EnvConfigError;
use super::variables::unicode;
use crate::exchange::{ClientCredentials, CredentialPart, CredentialsError};

/// Where the client ID and the client secret come from.
#[derive(Clone, Debug)]
pub(super) struct CredentialsSource {
    pub(super) client_id: Source,
    pub(super) client_secret: Source,
}

/// Where the client ID or the client secret comes from.
#[derive(Clone)]
pub(super) enum Source {
    /// It is the value of a variable.
    Value(Zeroizing<String>),
    /// It is in a file, which the `.._FILE` of this variable names.
    File {
        variable: &'static str,
        path: Zeroizing<String>,
    },
}

impl CredentialsSource {
    /// Returns the paths of the files.
    pub(super) fn files(&self) -> impl Iterator<Item = &str> {
        let sources = [&self.client_id, &self.client_secret];
        sources.into_iter().filter_map(|source| match source {
            Source::Value(_) => None,
            Source::File { path, .. } => Some(path.as_str()),
        })
    }

    /// Reads both, each file once: a pipe cannot be read again.
    pub(super) fn read<E: Display>(
        &self,
        file: impl Fn(&str) -> Result<Vec<u8>, E>,
    ) -> Result<ClientCredentials, EnvConfigError> {
        let client_id = self.client_id.read(&file)?;
        let client_secret = self.client_secret.read(&file)?;
        ClientCredentials::new(client_id.as_str(), client_secret.as_str())
            .map_err(|error| self.invalid(error))
    }

    /// Returns the error of credentials that are invalid where they come from.
    fn invalid(&self, error: CredentialsError) -> EnvConfigError {
        let source = match error.part() {
            CredentialPart::ClientId => &self.client_id,
            CredentialPart::ClientSecret => &self.client_secret,
        };
        match source {
            Source::Value(_) => EnvConfigError::Credentials(error),
            Source::File { .. } => EnvConfigError::CredentialsFile(error),
        }
    }

    /// Reads both until two readings agree: the files may be replaced after the first of them is read and
    /// before the second is.
    pub(super) fn read_both<E: Display>(
        &self,
        file: impl Fn(&str) -> Result<Vec<u8>, E>,
    ) -> Result<ClientCredentials, EnvConfigError> {
        let mut last = self.read(&file)?;
        for _ in 1..READINGS {
            let next = self.read(&file)?;
            if next.is_same_pair(&last) {
                break;
            }
            last = next;
        }
        Ok(last)
    }
}

impl Source {
    /// Returns the value, or the content of the file without the one trailing newline that editors and
    /// `echo` add.
    fn read<E: Display>(
        &self,
        file: impl Fn(&str) -> Result<Vec<u8>, E>,
    ) -> Result<Zeroizing<String>, EnvConfigError> {
        let (variable, path) = match self {
            Self::Value(value) => return Ok(value.clone()),
            Self::File { variable, path } => (*variable, path),
        };
        let content = file(path).map_err(|reason| EnvConfigError::File {
            variable,
            reason: reason.to_string(),
        })?;
        let mut content = unicode(content, variable)?;
        if content.ends_with('\n') {
            content.pop();
            if content.ends_with('\r') {
                content.pop();
            }
        }
        Ok(content)
    }
}

/// Shows neither the value nor the path: the variable for the path may contain a secret by mistake.
impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Value(_) => "Value(<redacted>)",
            Self::File { .. } => "File(<redacted>)",
        })
    }
}

/// How often the files are read at most. If they change at every reading, the last one is used: the token
/// endpoint rejects credentials that do not belong together, and then the files are read again.
const READINGS: usize = 4;
