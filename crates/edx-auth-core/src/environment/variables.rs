//! How a variable is read: as text, as a list, or out of the file that it names.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt::Display;

use zeroize::Zeroizing;

use super::{EnvConfigError, ForeignPair};

/// A variable whose value may also stand in a file.
pub(super) struct Secretive {
    pub(super) variable: &'static str,
    pub(super) file: &'static str,
}

/// The two ways to what the environment holds.
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
    /// What the variable says, or the file that its twin names.
    pub(super) fn value_or_file(
        &self,
        name: &Secretive,
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

    /// That a variable is missing, and which other pair may be what was meant.
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

    /// What the file holds, less the byte order mark and the one line end that editors and `echo`
    /// put there.
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

    /// Hosts with commas between.
    pub(super) fn hosts(&self, name: &'static str) -> Result<Vec<String>, EnvConfigError> {
        let hosts = self.list(name)?;
        if hosts.iter().all(|host| is_host(host)) {
            Ok(hosts)
        } else {
            Err(EnvConfigError::NotAHost { variable: name })
        }
    }

    /// What stands between commas; blanks around it are dropped, and what is empty.
    pub(super) fn list(&self, name: &'static str) -> Result<Vec<String>, EnvConfigError> {
        let list = self.text(name, name)?.unwrap_or_default();
        let items = list.split(',').map(str::trim);
        Ok(items
            .filter(|item| !item.is_empty())
            .map(String::from)
            .collect())
    }

    /// The value of this variable, unless it is empty; `blamed` is named where it is no text.
    pub(super) fn text(
        &self,
        name: &str,
        blamed: &'static str,
    ) -> Result<Option<Zeroizing<String>>, EnvConfigError> {
        let value = (self.variable)(name).filter(|value| !value.is_empty());
        value.map(|value| unicode(value, blamed)).transpose()
    }
}

/// A name or an address; a port or a scheme beside it would never match.
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
