//! The names that variables go by.

use super::variables::Secretive;
use crate::exchange::TokenEndpoint;

/// One set of names for the same three things.
pub(super) struct Names {
    pub(super) client_id: Secretive,
    pub(super) client_secret: Secretive,
    pub(super) token_url: &'static str,
    pub(super) default_endpoint: Option<fn() -> TokenEndpoint>,
}

/// edX's own, and those of programs that call it.
pub(super) const EDX: Names = Names {
    client_id: Secretive {
        variable: "EDX_CLIENT_ID",
        file: "EDX_CLIENT_ID_FILE",
    },
    client_secret: Secretive {
        variable: "EDX_CLIENT_SECRET",
        file: "EDX_CLIENT_SECRET_FILE",
    },
    token_url: "EDX_TOKEN_URL",
    default_endpoint: Some(TokenEndpoint::edx),
};

/// Those of the services of an Open edX site (their settings, and Tutor's plugins).
pub(super) const BACKEND_SERVICE: Names = Names {
    client_id: Secretive {
        variable: "BACKEND_SERVICE_EDX_OAUTH2_KEY",
        file: "BACKEND_SERVICE_EDX_OAUTH2_KEY_FILE",
    },
    client_secret: Secretive {
        variable: "BACKEND_SERVICE_EDX_OAUTH2_SECRET",
        file: "BACKEND_SERVICE_EDX_OAUTH2_SECRET_FILE",
    },
    token_url: "BACKEND_SERVICE_EDX_OAUTH2_PROVIDER_URL",
    default_endpoint: None,
};
