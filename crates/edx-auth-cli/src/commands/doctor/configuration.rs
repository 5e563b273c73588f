//! The variables, the profile, the files and the token store.

use edx_auth_ureq::{EnvConfig, EnvStore, FileStore, TokenStore as _};

use super::report::Finding;
use crate::arguments::Options;
use crate::failure::Failure;
use crate::source;

pub(super) fn read(options: &Options) -> Result<EnvConfig, Failure> {
    let variables = source::variables(options)?;
    if variables.token_file()?.is_some() {
        return Err(Failure::NoCredentials);
    }
    Ok(variables.config()?)
}

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

/// Looks for a token, which checks the folder and its files. Nothing is created.
pub(super) fn store(config: &EnvConfig, options: &Options) -> Finding {
    if options.no_store {
        return Finding::skipped("not used");
    }
    let store = match config.token_store() {
        Some(EnvStore::Folder(path)) => FileStore::new(path),
        _ => FileStore::in_cache(),
    };
    match store.load(config.token_request()) {
        Ok(Some(_)) => Finding::passed("has a token of this client"),
        Ok(None) => Finding::passed("has no token of this client yet"),
        Err(error) => Finding::fault(&error.into()),
    }
}
