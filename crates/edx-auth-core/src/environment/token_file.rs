//! A file with a token, instead of client credentials.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use super::EnvConfigError;
use super::names::EDX;
use super::site::Site;
use super::variables::Variables;
use crate::client_name::ClientName;
use crate::resource::Origins;

/// The file in `EDX_ACCESS_TOKEN_FILE`, whose token another process keeps fresh. A program with such a file
/// needs no client credentials, and requests no token.
///
/// `EDX_TOKEN_URL` and `EDX_ALLOWED_ORIGINS` say where the token may be sent to, as in
/// [`EnvConfig`](super::EnvConfig).
///
/// ```
/// use edx_auth_core::EnvTokenFile;
///
/// let variable = |name: &str| match name {
///     "EDX_ACCESS_TOKEN_FILE" => Some("/run/edx/token".into()),
///     _ => None,
/// };
/// let file = EnvTokenFile::read(variable)?.expect("the variable is set");
/// assert_eq!(file.path(), "/run/edx/token");
/// assert!(file.origins().check("https://discovery.edx.org/api/v1/courses/").is_ok());
/// # Ok::<(), edx_auth_core::EnvConfigError>(())
/// ```
#[derive(Clone)]
pub struct EnvTokenFile {
    path: Zeroizing<String>,
    origins: Origins,
    client_name: Option<ClientName>,
}

impl EnvTokenFile {
    /// Reads the variables; `None` if `EDX_ACCESS_TOKEN_FILE` is not set. `variable` returns the value of a
    /// variable if it is set. The file itself is not read.
    ///
    /// # Errors
    /// Returns an error if client credentials are set too, or another variable is invalid.
    pub fn read(
        variable: impl Fn(&str) -> Option<Vec<u8>>,
    ) -> Result<Option<Self>, EnvConfigError> {
        let variables = Variables(variable);
        let Some(path) = variables.text(TOKEN_FILE, TOKEN_FILE)? else {
            return Ok(None);
        };
        for secret in [&EDX.client_id, &EDX.client_secret] {
            for name in [secret.variable, secret.file] {
                if variables.text(name, name)?.is_some() {
                    return Err(EnvConfigError::TokenFileAndCredentials { variable: name });
                }
            }
        }
        let site = Site::read(&EDX, &variables)?;
        Ok(Some(Self {
            path,
            origins: site.origins,
            client_name: site.client_name,
        }))
    }

    /// Returns the path of the file.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the origins that the token may be sent to.
    #[must_use]
    pub fn origins(&self) -> &Origins {
        &self.origins
    }

    /// Returns the name of the program, if it is set.
    #[must_use]
    pub fn client_name(&self) -> Option<&ClientName> {
        self.client_name.as_ref()
    }
}

/// Does not show the path: a token may have been set in its place.
impl fmt::Debug for EnvTokenFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EnvTokenFile")
            .field("path", &format_args!("<redacted>"))
            .field("origins", &self.origins)
            .field("client_name", &self.client_name)
            .finish()
    }
}

const TOKEN_FILE: &str = "EDX_ACCESS_TOKEN_FILE";
