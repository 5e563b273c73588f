//! The site that the variables name, and where its tokens may be sent to.

use alloc::string::String;
use alloc::vec::Vec;

use super::EnvConfigError;
use super::names::Names;
use super::variables::Variables;
use crate::client_name::ClientName;
use crate::exchange::TokenEndpoint;
use crate::resource::Origins;
use crate::url::PlaintextHosts;

/// The site, with or without client credentials for it.
pub(super) struct Site {
    pub(super) endpoint: TokenEndpoint,
    pub(super) origins: Origins,
    pub(super) plaintext: PlaintextHosts,
    pub(super) client_name: Option<ClientName>,
}

impl Site {
    pub(super) fn read(
        names: &Names,
        variables: &Variables<impl Fn(&str) -> Option<Vec<u8>>>,
    ) -> Result<Self, EnvConfigError> {
        let plaintext = PlaintextHosts::dangerously_allow(variables.hosts(PLAINTEXT_HOSTS)?);
        let endpoint = endpoint(names, variables, &plaintext)?;
        let name = variables.text(CLIENT_NAME, CLIENT_NAME)?;
        Ok(Self {
            origins: origins(&endpoint, &variables.list(ORIGINS)?, &plaintext)?,
            endpoint,
            plaintext,
            client_name: name.map(|name| client_name(&name)).transpose()?,
        })
    }
}

/// Returns the token endpoint that the variable names, or the default.
fn endpoint(
    names: &Names,
    variables: &Variables<impl Fn(&str) -> Option<Vec<u8>>>,
    plaintext: &PlaintextHosts,
) -> Result<TokenEndpoint, EnvConfigError> {
    let variable = names.token_url;
    match (variables.text(variable, variable)?, names.default_endpoint) {
        (Some(url), _) => TokenEndpoint::open_edx_with(&url, plaintext)
            .map_err(|error| EnvConfigError::TokenUrl { variable, error }),
        (None, Some(default)) => Ok(default()),
        (None, None) => Err(variables.missing(variable)),
    }
}

/// Returns the token endpoint's origins and those in the variable.
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
