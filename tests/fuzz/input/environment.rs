//! A configuration by environment variables, and by the files that they name.

use edx_auth_core::{ClientCredentials, EnvConfig, EnvConfigError};
use http::header::AUTHORIZATION;

use crate::shown;

/// Checks an environment. The values are those of the [`NAMES`] in their order; one more is the content of
/// every file.
pub(crate) fn check(values: &[&[u8]]) {
    let variable = |name: &str| {
        let at = NAMES
            .iter()
            .position(|(one, other)| [*one, *other].contains(&name))?;
        values.get(at).map(|value| value.to_vec())
    };
    let content = values.get(NAMES.len());
    let file = |_: &str| {
        content
            .map(|content| content.to_vec())
            .ok_or("no such file")
    };
    for read in [
        EnvConfig::read(variable, file),
        EnvConfig::read_open_edx(variable, file),
    ] {
        match read {
            Ok(environment) => check_environment(&environment),
            Err(error) => check_error(&error),
        }
    }
}

fn check_environment(environment: &EnvConfig) {
    let request = environment.token_request();
    let endpoint = request.endpoint();
    assert!(environment.origins().check(&endpoint.to_string()).is_ok());
    let (sent, exchange) = request.begin();
    assert_eq!(sent.uri(), endpoint.uri());
    assert_eq!(exchange.rules().https_only(), endpoint.is_https());
    assert!(!sent.headers().contains_key(AUTHORIZATION));

    let id = request.credentials().client_id();
    let other = ClientCredentials::new(id, "another secret").expect("valid credentials");
    let other = request.clone().with_credentials(other);
    assert_eq!(format!("{request:?}"), format!("{other:?}"));
}

fn check_error(error: &EnvConfigError) {
    shown::check(error, error.advice());
}

/// The names that edX uses, each with the name that the services of an Open edX site use.
const NAMES: [(&str, &str); 8] = [
    ("EDX_CLIENT_ID", "BACKEND_SERVICE_EDX_OAUTH2_KEY"),
    ("EDX_CLIENT_SECRET", "BACKEND_SERVICE_EDX_OAUTH2_SECRET"),
    ("EDX_TOKEN_URL", "BACKEND_SERVICE_EDX_OAUTH2_PROVIDER_URL"),
    ("EDX_CLIENT_ID_FILE", "BACKEND_SERVICE_EDX_OAUTH2_KEY_FILE"),
    (
        "EDX_CLIENT_SECRET_FILE",
        "BACKEND_SERVICE_EDX_OAUTH2_SECRET_FILE",
    ),
    ("EDX_ALLOWED_ORIGINS", ""),
    ("EDX_ALLOW_PLAINTEXT_HTTP", ""),
    ("EDX_REST_API_CLIENT_NAME", ""),
];
