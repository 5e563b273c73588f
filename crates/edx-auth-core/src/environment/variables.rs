//! Reads a variable as text, as a list, or as the name of a file.

use alloc::string::String;
use alloc::vec::Vec;

use zeroize::Zeroizing;

use super::credentials::Source;
use super::{EnvConfigError, ForeignPair};
use crate::url;

/// A variable whose value may be in a file instead.
pub(super) struct SecretVar {
    pub(super) variable: &'static str,
    pub(super) file: &'static str,
}

/// The function that reads variables.
pub(super) struct Variables<V>(pub(super) V);

impl<V: Fn(&str) -> Option<Vec<u8>>> Variables<V> {
    /// Returns where the value comes from: the variable, or the file that its `.._FILE` names.
    pub(super) fn source(&self, name: &SecretVar) -> Result<Source, EnvConfigError> {
        let variable = name.variable;
        let path = self.text(name.file, variable)?;
        match (self.text(variable, variable)?, path) {
            (Some(_), Some(_)) => Err(EnvConfigError::ValueAndFile { variable }),
            (Some(value), None) => Ok(Source::Value(value)),
            (None, Some(path)) => Ok(Source::File { variable, path }),
            (None, None) => Err(self.missing(variable)),
        }
    }

    /// Returns the error for a missing variable. It names Open edX's own variables if these are set.
    pub(super) fn missing(&self, variable: &'static str) -> EnvConfigError {
        let is_set = |name| (self.0)(name).is_some_and(|value| !value.is_empty());
        let instead = if variable.starts_with("BACKEND_SERVICE_") {
            None
        } else if is_set("BACKEND_SERVICE_EDX_OAUTH2_KEY") {
            Some(ForeignPair::BackendService)
        } else if is_set("SOCIAL_AUTH_EDX_OAUTH2_KEY") {
            Some(ForeignPair::Login)
        } else {
            None
        };
        EnvConfigError::Missing { variable, instead }
    }

    /// Returns the hosts in a list separated by commas.
    pub(super) fn hosts(&self, name: &'static str) -> Result<Vec<String>, EnvConfigError> {
        let hosts = self.list(name)?;
        if hosts.iter().all(|host| is_host(host)) {
            Ok(hosts)
        } else {
            Err(EnvConfigError::NotAHost { variable: name })
        }
    }

    /// Returns the trimmed, non-empty items of a list separated by commas.
    pub(super) fn list(&self, name: &'static str) -> Result<Vec<String>, EnvConfigError> {
        let list = self.text(name, name)?.unwrap_or_default();
        let items = list.split(',').map(str::trim);
        Ok(items
            .filter(|item| !item.is_empty())
            .map(String::from)
            .collect())
    }

    /// Returns the value of this variable, unless it is empty. An error names `reported_as`.
    pub(super) fn text(
        &self,
        name: &str,
        reported_as: &'static str,
    ) -> Result<Option<Zeroizing<String>>, EnvConfigError> {
        let value = (self.0)(name);
        let value = value.map(|value| unicode(value, reported_as)).transpose()?;
        Ok(value.filter(|value| !value.is_empty()))
    }
}

/// Reports whether this is the host of a URL, without a port or a scheme. A number or the value of a switch,
/// such as `true`, is not a host.
fn is_host(text: &str) -> bool {
    let is_number = text.bytes().all(|byte| byte.is_ascii_digit());
    let is_switch = SWITCHES
        .iter()
        .any(|switch| text.eq_ignore_ascii_case(switch));
    url::is_host(text) && !is_number && !is_switch
}

/// Returns the text without a leading byte order mark, which editors add.
pub(super) fn unicode(
    bytes: Vec<u8>,
    variable: &'static str,
) -> Result<Zeroizing<String>, EnvConfigError> {
    match String::from_utf8(bytes).map(Zeroizing::new) {
        Ok(mut text) => {
            if text.starts_with(BYTE_ORDER_MARK) {
                text.remove(0);
            }
            Ok(text)
        }
        Err(error) => {
            drop(Zeroizing::new(error.into_bytes()));
            Err(EnvConfigError::NotUnicode { variable })
        }
    }
}

const BYTE_ORDER_MARK: char = '\u{feff}';

/// The values of variables that switch something on or off.
const SWITCHES: [&str; 6] = ["true", "false", "yes", "no", "on", "off"];
