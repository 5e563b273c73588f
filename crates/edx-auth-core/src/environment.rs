//! Configuration from environment variables: their names, meaning and precedence. The driver passes
//! in the functions that read variables and files.

mod credentials;
mod error;
mod names;
mod site;
mod store;
mod token_file;
mod variables;

use alloc::vec::Vec;
use core::fmt::Display;

use crate::client_name::ClientName;
use crate::exchange::{ClientCredentials, TokenRequest};
use crate::resource::Origins;
use crate::url::PlaintextHosts;

pub use error::{EnvConfigError, ForeignPair};
pub use store::EnvStore;
pub use token_file::EnvTokenFile;

use credentials::CredentialsSource;
use names::{BACKEND_SERVICE, EDX, Names};
use site::Site;
use variables::Variables;

/// The configuration in the `EDX_*` variables.
///
/// | variable | meaning |
/// |---|---|
/// | `EDX_CLIENT_ID` | the client ID |
/// | `EDX_CLIENT_SECRET` | the client secret |
/// | `EDX_CLIENT_ID_FILE`, `EDX_CLIENT_SECRET_FILE` | the path of a file that contains the client ID or the client secret; one trailing newline is stripped. The file may be replaced at any time |
/// | `EDX_TOKEN_URL` | the site's URL, as [`TokenEndpoint::open_edx`](crate::TokenEndpoint::open_edx) takes it; edX if unset |
/// | `EDX_ALLOWED_ORIGINS` | more origins that the token may be sent to, such as `https://studio.example.org`, separated by commas |
/// | `EDX_ALLOW_PLAINTEXT_HTTP` | hosts that unencrypted http is allowed to, separated by commas, such as `lms,cms` |
/// | `EDX_TOKEN_STORE` | where processes share the token: `file`, in the user's cache, or `file:/path`, in this folder; nowhere if unset |
/// | `EDX_REST_API_CLIENT_NAME` | the name of this program, at the end of its `User-Agent` |
///
/// Instead of client credentials, a program may have a token that another process keeps fresh: see
/// [`EnvTokenFile`].
///
/// Empty variables count as unset. A byte order mark at the beginning of a variable or a file is
/// dropped.
///
/// ```
/// use edx_auth_core::EnvConfig;
///
/// let variable = |name: &str| match name {
///     "EDX_CLIENT_ID" => Some("acme-api".into()),
///     "EDX_CLIENT_SECRET_FILE" => Some("/run/secrets/edx".into()),
///     _ => None,
/// };
/// let file = |path: &str| match path {
///     "/run/secrets/edx" => Ok(b"s3cret\n".to_vec()),
///     _ => Err("no such file"),
/// };
/// let environment = EnvConfig::read(variable, file)?;
/// assert_eq!(
///     environment.token_request().endpoint().to_string(),
///     "https://api.edx.org/oauth2/v1/access_token",
/// );
/// # Ok::<(), edx_auth_core::EnvConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct EnvConfig {
    request: TokenRequest,
    source: CredentialsSource,
    plaintext: PlaintextHosts,
    origins: Origins,
    client_name: Option<ClientName>,
    store: Option<EnvStore>,
}

impl EnvConfig {
    /// Reads the configuration. `variable` returns the value of a variable if it is set; `file`
    /// returns the contents of a file.
    ///
    /// # Errors
    /// Returns an error if a variable is missing, set twice, unreadable or invalid: see
    /// [`EnvConfigError`].
    pub fn read<E: Display>(
        variable: impl Fn(&str) -> Option<Vec<u8>>,
        file: impl Fn(&str) -> Result<Vec<u8>, E>,
    ) -> Result<Self, EnvConfigError> {
        Self::read_names(&EDX, &Variables(variable), file)
    }

    /// Reads the configuration from the variables of an Open edX service:
    /// `BACKEND_SERVICE_EDX_OAUTH2_KEY`, `BACKEND_SERVICE_EDX_OAUTH2_SECRET` and
    /// `BACKEND_SERVICE_EDX_OAUTH2_PROVIDER_URL`. All three are required. Inside a cluster the URL
    /// often uses unencrypted http: then `EDX_ALLOW_PLAINTEXT_HTTP` must name its host.
    ///
    /// # Errors
    /// Returns the same errors as [`read`](Self::read).
    pub fn read_open_edx<E: Display>(
        variable: impl Fn(&str) -> Option<Vec<u8>>,
        file: impl Fn(&str) -> Result<Vec<u8>, E>,
    ) -> Result<Self, EnvConfigError> {
        Self::read_names(&BACKEND_SERVICE, &Variables(variable), file)
    }

    fn read_names<E: Display>(
        names: &Names,
        variables: &Variables<impl Fn(&str) -> Option<Vec<u8>>>,
        file: impl Fn(&str) -> Result<Vec<u8>, E>,
    ) -> Result<Self, EnvConfigError> {
        let source = CredentialsSource {
            client_id: variables.source(&names.client_id)?,
            client_secret: variables.source(&names.client_secret)?,
        };
        let credentials = source.read(file)?;
        let site = Site::read(names, variables)?;
        Ok(Self {
            request: TokenRequest::new(site.endpoint, credentials),
            source,
            plaintext: site.plaintext,
            origins: site.origins,
            client_name: site.client_name,
            store: EnvStore::read(variables)?,
        })
    }

    /// Returns the token request that the variables describe.
    #[must_use]
    pub fn token_request(&self) -> &TokenRequest {
        &self.request
    }

    /// Returns the paths of the files that contain the client ID and the client secret; none if both are
    /// values of variables. Regular files may be replaced while the program runs: then
    /// [`read_credentials`](Self::read_credentials) reads the new ones.
    pub fn credentials_files(&self) -> impl Iterator<Item = &str> {
        self.source.files()
    }

    /// Reads the client credentials again, from the files that the variables named when this
    /// configuration was read. `file` returns the contents of a file.
    ///
    /// The client ID and the client secret belong together: both files are read until two readings agree,
    /// four times at most, in case they are replaced meanwhile.
    ///
    /// # Errors
    /// Returns an error if a file is unreadable or does not contain valid credentials, for example
    /// because it is half-written: try again later.
    ///
    /// ```
    /// # use edx_auth_core::EnvConfig;
    /// # let variable = |name: &str| match name {
    /// #     "EDX_CLIENT_ID" => Some("acme-api".into()),
    /// #     "EDX_CLIENT_SECRET_FILE" => Some("/run/secrets/edx".into()),
    /// #     _ => None,
    /// # };
    /// let config = EnvConfig::read(variable, |_| Ok::<_, &str>(b"old\n".to_vec()))?;
    /// assert!(config.credentials_files().eq(["/run/secrets/edx"]));
    ///
    /// let rotated = config.read_credentials(|_| Ok::<_, &str>(b"new\n".to_vec()))?;
    /// assert!(!rotated.is_same_pair(config.token_request().credentials()));
    /// # Ok::<(), edx_auth_core::EnvConfigError>(())
    /// ```
    pub fn read_credentials<E: Display>(
        &self,
        file: impl Fn(&str) -> Result<Vec<u8>, E>,
    ) -> Result<ClientCredentials, EnvConfigError> {
        self.source.read_both(file)
    }

    /// Returns the hosts that unencrypted http is allowed to.
    #[must_use]
    pub fn plaintext_hosts(&self) -> &PlaintextHosts {
        &self.plaintext
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

    /// Returns where processes share the token, if they do.
    #[must_use]
    pub fn token_store(&self) -> Option<&EnvStore> {
        self.store.as_ref()
    }
}

#[cfg(test)]
mod tests;
