//! The process's own environment, read when asked and never before.

use std::ffi::OsString;
use std::fs;

use edx_auth_core::{EnvConfig, EnvConfigError};

/// What the `EDX_*` variables of this process ask for; their names and meaning are
/// [`EnvConfig`]'s. They are read once, and so are the files that they name.
///
/// # Errors
/// Where a variable is missing, set twice, unreadable or damaged.
///
/// ```no_run
/// let environment = edx_auth_driver::from_env()?;
/// println!("asking {}", environment.token_request().endpoint());
/// # Ok::<(), edx_auth_core::EnvConfigError>(())
/// ```
pub fn from_env() -> Result<EnvConfig, EnvConfigError> {
    EnvConfig::read(variable, |path| fs::read(path))
}

/// What the variables of an Open edX service ask for: [`EnvConfig::read_open_edx`].
///
/// # Errors
/// As [`from_env`].
///
/// ```no_run
/// let environment = edx_auth_driver::from_open_edx_env()?;
/// println!("asking {}", environment.token_request().endpoint());
/// # Ok::<(), edx_auth_core::EnvConfigError>(())
/// ```
pub fn from_open_edx_env() -> Result<EnvConfig, EnvConfigError> {
    EnvConfig::read_open_edx(variable, |path| fs::read(path))
}

fn variable(name: &str) -> Option<Vec<u8>> {
    std::env::var_os(name).map(OsString::into_encoded_bytes)
}
