//! What the environment says: variable names, their meaning and precedence. Reads nothing itself:
//! the driver hands in the look-up.

mod error;
mod names;
mod variables;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Display;

use crate::client_name::ClientName;
use crate::exchange::{ClientCredentials, TokenEndpoint, TokenRequest};
use crate::resource::Origins;
use crate::url::PlaintextHosts;

pub use error::{EnvConfigError, ForeignPair};

use names::{BACKEND_SERVICE, EDX, Names};
use variables::Variables;

/// What the `EDX_*` variables ask for.
///
/// | variable | meaning |
/// |---|---|
/// | `EDX_CLIENT_ID` | the client id |
/// | `EDX_CLIENT_SECRET` | the client secret |
/// | `EDX_CLIENT_ID_FILE`, `EDX_CLIENT_SECRET_FILE` | the path of a file that holds it; one line end at its end is dropped |
/// | `EDX_TOKEN_URL` | whatever [`TokenEndpoint::open_edx`] takes; edX itself where it is not set |
/// | `EDX_ALLOWED_ORIGINS` | origins besides the site's own that the token may go to, such as `https://studio.example.org`, with commas between |
/// | `EDX_ALLOW_PLAINTEXT_HTTP` | hosts that may be asked over plain http, with commas between |
/// | `EDX_REST_API_CLIENT_NAME` | what this program is called: the last word of its `User-Agent` |
///
/// An empty variable counts as one that is not set.
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
    plaintext: PlaintextHosts,
    origins: Origins,
    client_name: Option<ClientName>,
}

impl EnvConfig {
    /// Reads the variables through `variable`, which gives the value of one that is set, and the
    /// files that they name through `file`.
    ///
    /// # Errors
    /// Where something is missing, set twice, unreadable or damaged: see [`EnvConfigError`].
    pub fn read<E: Display>(
        variable: impl Fn(&str) -> Option<Vec<u8>>,
        file: impl Fn(&str) -> Result<Vec<u8>, E>,
    ) -> Result<Self, EnvConfigError> {
        Self::read_names(&EDX, &Variables { variable, file })
    }

    /// Reads the same under the names that the services of an Open edX site have for it:
    /// `BACKEND_SERVICE_EDX_OAUTH2_KEY`, `BACKEND_SERVICE_EDX_OAUTH2_SECRET` and
    /// `BACKEND_SERVICE_EDX_OAUTH2_PROVIDER_URL`, of which none may be missing. Inside a cluster
    /// that URL is most often plain http: then `EDX_ALLOW_PLAINTEXT_HTTP` has to name its host.
    ///
    /// # Errors
    /// As [`read`](Self::read).
    pub fn read_open_edx<E: Display>(
        variable: impl Fn(&str) -> Option<Vec<u8>>,
        file: impl Fn(&str) -> Result<Vec<u8>, E>,
    ) -> Result<Self, EnvConfigError> {
        Self::read_names(&BACKEND_SERVICE, &Variables { variable, file })
    }

    fn read_names<V, F, E>(
        names: &Names,
        variables: &Variables<V, F>,
    ) -> Result<Self, EnvConfigError>
    where
        V: Fn(&str) -> Option<Vec<u8>>,
        F: Fn(&str) -> Result<Vec<u8>, E>,
        E: Display,
    {
        let id = variables.value_or_file(&names.client_id)?;
        let secret = variables.value_or_file(&names.client_secret)?;
        let plaintext = PlaintextHosts::dangerously_allow(variables.hosts(PLAINTEXT_HOSTS)?);
        let variable = names.token_url;
        let endpoint = match (variables.text(variable, variable)?, names.default_endpoint) {
            (Some(url), _) => TokenEndpoint::open_edx_with(&url, &plaintext)
                .map_err(|error| EnvConfigError::TokenUrl { variable, error })?,
            (None, Some(default)) => default(),
            (None, None) => return Err(variables.missing(variable)),
        };
        let credentials = ClientCredentials::new(id.as_str(), secret.as_str())
            .map_err(EnvConfigError::Credentials)?;
        let name = variables.text(CLIENT_NAME, CLIENT_NAME)?;
        Ok(Self {
            origins: origins(&endpoint, &variables.list(ORIGINS)?, &plaintext)?,
            request: TokenRequest::new(endpoint, credentials),
            plaintext,
            client_name: name.map(|name| client_name(&name)).transpose()?,
        })
    }

    /// The token request that the variables describe.
    #[must_use]
    pub fn token_request(&self) -> &TokenRequest {
        &self.request
    }

    /// The hosts that may be spoken to over plain http.
    #[must_use]
    pub fn plaintext_hosts(&self) -> &PlaintextHosts {
        &self.plaintext
    }

    /// Where the token may go.
    #[must_use]
    pub fn origins(&self) -> &Origins {
        &self.origins
    }

    /// What the program is called, if it says so.
    #[must_use]
    pub fn client_name(&self) -> Option<&ClientName> {
        self.client_name.as_ref()
    }
}

/// The endpoint's own, and those that are named.
fn origins(
    endpoint: &TokenEndpoint,
    named: &[String],
    plaintext: &PlaintextHosts,
) -> Result<Origins, EnvConfigError> {
    let mut named = named.iter();
    let origins = named.try_fold(Origins::of(endpoint), |origins, origin| {
        origins.allow_with(origin, plaintext)
    });
    origins.map_err(|error| EnvConfigError::Origin {
        variable: ORIGINS,
        error,
    })
}

fn client_name(name: &str) -> Result<ClientName, EnvConfigError> {
    ClientName::new(name).map_err(|error| EnvConfigError::ClientName {
        variable: CLIENT_NAME,
        error,
    })
}

const PLAINTEXT_HOSTS: &str = "EDX_ALLOW_PLAINTEXT_HTTP";
const ORIGINS: &str = "EDX_ALLOWED_ORIGINS";
const CLIENT_NAME: &str = "EDX_REST_API_CLIENT_NAME";

#[cfg(test)]
mod tests;
