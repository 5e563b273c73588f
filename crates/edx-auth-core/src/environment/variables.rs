//! Reads a variable as text, as a list, or from the file that it names.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;

use zeroize::Zeroizing;

use super::{EnvConfigError, ForeignPair};

/// A variable whose value may be in a file instead.
pub(super) struct SecretVar {
    pub(super) variable: &'static str,
    pub(super) file: &'static str,
}

/// The functions that read variables and files.
pub(super) struct Variables<V, F> {
    pub(super) variable: V,
    pub(super) file: F,
}

impl<V, F, E> Variables<V, F>
where
    V: Fn(&str) -> Option<Vec<u8>>,
    F: Fn(&str) -> Result<Vec<u8>, E>,
    E: Display,
{
    /// Returns the value of the variable, or the content of the file that its `.._FILE` names.
    pub(super) fn value_or_file(
        &self,
        name: &SecretVar,
    ) -> Result<Zeroizing<String>, EnvConfigError> {
        let variable = name.variable;
        let path = self.text(name.file, variable)?;
        match (self.text(variable, variable)?, path) {
            (Some(_), Some(_)) => Err(EnvConfigError::ValueAndFile { variable }),
            (Some(value), None) => Ok(value),
            (None, Some(path)) => self.content(&path, variable),
            (None, None) => Err(self.missing(variable)),
        }
    }

    /// Returns the error for a missing variable, with other credentials that are set.
    pub(super) fn missing(&self, variable: &'static str) -> EnvConfigError {
        let is_set = |name| (self.variable)(name).is_some_and(|value| !value.is_empty());
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

    /// Returns the content of the file, without a byte order mark and without the one trailing
    /// newline that editors and `echo` add.
    fn content(
        &self,
        path: &str,
        variable: &'static str,
    ) -> Result<Zeroizing<String>, EnvConfigError> {
        let bytes = (self.file)(path).map_err(|reason| EnvConfigError::File {
            variable,
            reason: reason.to_string(),
        })?;
        let mut content = unicode(bytes, variable)?;
        if content.starts_with(BYTE_ORDER_MARK) {
            content.remove(0);
        }
        if content.ends_with('\n') {
            content.pop();
            if content.ends_with('\r') {
                content.pop();
            }
        }
        Ok(content)
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
        let value = (self.variable)(name).filter(|value| !value.is_empty());
        value.map(|value| unicode(value, reported_as)).transpose()
    }
}

/// Reports whether this is a host name or an address, without a port or a scheme.
fn is_host(text: &str) -> bool {
    let is_address = text.starts_with('[') && text.ends_with(']');
    is_address || !text.contains([':', '/', '*', '@'])
}

fn unicode(bytes: Vec<u8>, variable: &'static str) -> Result<Zeroizing<String>, EnvConfigError> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(error) => {
            drop(Zeroizing::new(error.into_bytes()));
            Err(EnvConfigError::NotUnicode { variable })
        }
    }
}

const BYTE_ORDER_MARK: char = '\u{feff}';
