//! Where processes share their token.

use alloc::borrow::ToOwned;
use alloc::string::String;
use alloc::vec::Vec;

use super::EnvConfigError;
use super::variables::Variables;

/// The token store in `EDX_TOKEN_STORE`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvStore {
    /// `file`: a folder in the user's cache.
    Cache,
    /// `file:/path`: this folder.
    Folder(String),
}

impl EnvStore {
    pub(super) fn read(
        variables: &Variables<impl Fn(&str) -> Option<Vec<u8>>>,
    ) -> Result<Option<Self>, EnvConfigError> {
        let place = variables.text(STORE, STORE)?;
        let named = place.as_ref().map(|place| Self::named(place));
        named
            .map(|store| store.ok_or(EnvConfigError::TokenStore { variable: STORE }))
            .transpose()
    }

    fn named(place: &str) -> Option<Self> {
        match place.split_once(':') {
            None if place == "file" => Some(Self::Cache),
            Some(("file", path)) if path.starts_with('/') || is_windows_path(path) => {
                Some(Self::Folder(path.to_owned()))
            }
            _ => None,
        }
    }
}

/// Reports whether a path begins with a drive, as `C:\\`.
fn is_windows_path(path: &str) -> bool {
    let mut characters = path.chars();
    let drive = characters.next();
    drive.is_some_and(|drive| drive.is_ascii_alphabetic()) && characters.next() == Some(':')
}

const STORE: &str = "EDX_TOKEN_STORE";
