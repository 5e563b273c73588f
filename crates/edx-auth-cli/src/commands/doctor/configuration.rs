//! The client credentials, or the token in their place, and the token store.

use edx_auth_ureq::{EnvConfig, LiveToken, TokenStore as _};

use super::report::Finding;
use crate::credentials::Variables;
use crate::source;

pub(super) fn describe(config: &EnvConfig) -> Finding {
    let request = config.token_request();
    let (client_id, endpoint) = (request.credentials().client_id(), request.endpoint());
    let files: Vec<_> = config.credentials_files().collect();
    let from = if files.is_empty() {
        String::new()
    } else {
        format!(", read from {}", files.join(" and "))
    };
    Finding::passed(format!("client {client_id} at {endpoint}{from}"))
}

/// Names the variables that nothing reads: one of them may be a typing error, and its value not in use.
pub(super) fn unread(variables: &Variables) -> Option<Finding> {
    let names = variables.unread();
    (!names.is_empty()).then(|| Finding::note(format!("not read: {}", names.join(", "))))
}

/// Looks for a token, which checks the folder and its files. Nothing is created.
pub(super) fn store(config: &EnvConfig) -> Finding {
    let Some(place) = config.token_store() else {
        return Finding::skipped("not used");
    };
    match source::file_store(place).load(config.token_request()) {
        Ok(Some(_)) => Finding::passed("has a token of this client"),
        Ok(None) => Finding::passed("has no token of this client yet"),
        Err(error) => Finding::fault(&error.into()),
    }
}

/// Describes the token of a file.
pub(super) fn token(token: &LiveToken) -> Finding {
    let minutes = token.usable_for().as_secs().div_ceil(60);
    let scheme = token.token().token_type().scheme();
    Finding::passed(format!("{scheme} for {minutes} min"))
}
