//! The names of the variables.

use super::variables::SecretVar;
use crate::exchange::TokenEndpoint;

/// The names of the three variables with credentials and URL.
pub(super) struct Names {
    pub(super) client_id: SecretVar,
    pub(super) client_secret: SecretVar,
    pub(super) token_url: &'static str,
    pub(super) default_endpoint: Option<fn() -> TokenEndpoint>,
}

/// The names for programs that call edX or a site.
pub(super) const EDX: Names = Names {
    client_id: SecretVar {
        variable: "EDX_CLIENT_ID",
        file: "EDX_CLIENT_ID_FILE",
    },
    client_secret: SecretVar {
        variable: "EDX_CLIENT_SECRET",
        file: "EDX_CLIENT_SECRET_FILE",
    },
    token_url: "EDX_TOKEN_URL",
    default_endpoint: Some(TokenEndpoint::edx),
};

/// The names in the settings of Open edX services and in Tutor's plugins.
pub(super) const BACKEND_SERVICE: Names = Names {
    client_id: SecretVar {
        variable: "BACKEND_SERVICE_EDX_OAUTH2_KEY",
        file: "BACKEND_SERVICE_EDX_OAUTH2_KEY_FILE",
    },
    client_secret: SecretVar {
        variable: "BACKEND_SERVICE_EDX_OAUTH2_SECRET",
        file: "BACKEND_SERVICE_EDX_OAUTH2_SECRET_FILE",
    },
    token_url: "BACKEND_SERVICE_EDX_OAUTH2_PROVIDER_URL",
    default_endpoint: None,
};
