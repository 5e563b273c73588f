//! The environment of this process, read only when the program calls for it.

use std::ffi::OsString;
use std::fs;

use edx_auth_core::{EnvConfig, EnvConfigError};

/// Reads the `EDX_*` variables of this process, and the files that they name, once. [`EnvConfig`]
/// lists their names.
///
/// # Errors
/// Returns an error if a variable is missing, set twice, unreadable or invalid.
///
/// ```no_run
/// let config = edx_auth_driver::from_env()?;
/// println!("tokens come from {}", config.token_request().endpoint());
/// # Ok::<(), edx_auth_core::EnvConfigError>(())
/// ```
pub fn from_env() -> Result<EnvConfig, EnvConfigError> {
    EnvConfig::read(variable, |path| fs::read(path))
}

/// Reads the variables of an Open edX service: see [`EnvConfig::read_open_edx`].
///
/// # Errors
/// As [`from_env`].
///
/// ```no_run
/// let config = edx_auth_driver::from_open_edx_env()?;
/// println!("tokens come from {}", config.token_request().endpoint());
/// # Ok::<(), edx_auth_core::EnvConfigError>(())
/// ```
pub fn from_open_edx_env() -> Result<EnvConfig, EnvConfigError> {
    EnvConfig::read_open_edx(variable, |path| fs::read(path))
}

pub(crate) fn variable(name: &str) -> Option<Vec<u8>> {
    std::env::var_os(name).map(OsString::into_encoded_bytes)
}
