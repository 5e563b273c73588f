//! Where the client credentials and the site come from: options, a profile, or the environment.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{self, Read as _};
use std::path::PathBuf;
use std::{env, fs};

use clap::Args;
use clap::builder::NonEmptyStringValueParser;
use edx_auth_ureq::http::Uri;
use edx_auth_ureq::{EnvConfig, EnvConfigError, EnvStore, EnvTokenFile, UrlError};
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::profiles::{Profile, is_name};

/// The options that replace `EDX_*` variables. None of them takes a secret: other users can read the
/// arguments of a process.
#[derive(Args, Debug)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct CredentialOptions {
    /// Read the EDX_* variables from edx-auth/NAME.env in the user's configuration folder
    /// ($XDG_CONFIG_HOME or ~/.config) instead of the environment.
    #[arg(long, global = true, value_name = "NAME")]
    profile: Option<String>,

    /// The site: edx, stage, or the URL of an LMS (EDX_TOKEN_URL).
    #[arg(long, global = true, value_name = "SITE", value_parser = NonEmptyStringValueParser::new())]
    endpoint: Option<String>,

    /// The client ID (EDX_CLIENT_ID).
    #[arg(long, global = true, value_name = "ID", value_parser = NonEmptyStringValueParser::new())]
    client_id: Option<String>,

    /// Read the client secret from this file (EDX_CLIENT_SECRET_FILE).
    #[arg(long, global = true, value_name = "FILE")]
    client_secret_file: Option<PathBuf>,

    /// Read the client secret from standard input.
    #[arg(long, global = true, conflicts_with = "client_secret_file")]
    client_secret_stdin: bool,
}

/// The `EDX_*` variables of one run: those of the environment or of a profile, and what options replace.
pub(crate) struct Variables {
    replaced: Vec<(&'static str, Zeroizing<Vec<u8>>)>,
    profile: Option<Profile>,
}

impl CredentialOptions {
    /// Reads the profile, and the client secret on standard input.
    pub(crate) fn variables(&self) -> Result<Variables, Failure> {
        let profile = self.profile.as_deref().map(Profile::read).transpose()?;
        let mut variables = Variables {
            replaced: Vec::new(),
            profile,
        };
        if let Some(site) = &self.endpoint {
            variables.replace("EDX_TOKEN_URL", url_of(site));
        }
        if let Some(client_id) = &self.client_id {
            variables.replace("EDX_CLIENT_ID", client_id);
            variables.unset(&["EDX_CLIENT_ID_FILE"]);
        }
        if let Some(file) = &self.client_secret_file {
            variables.replace("EDX_CLIENT_SECRET_FILE", path_text(file));
            variables.unset(&["EDX_CLIENT_SECRET", TOKEN_FILE]);
        }
        if self.client_secret_stdin {
            variables.replace("EDX_CLIENT_SECRET", secret_on_stdin()?);
            variables.unset(&["EDX_CLIENT_SECRET_FILE", TOKEN_FILE]);
        }
        Ok(variables)
    }
}

impl Variables {
    /// Returns the value of a variable if it is set.
    pub(crate) fn get(&self, name: &str) -> Option<Vec<u8>> {
        let replaced = self.replaced.iter().find(|(replaced, _)| *replaced == name);
        match (replaced, &self.profile) {
            (Some((_, value)), _) => Some(value.to_vec()),
            (None, Some(profile)) => profile.get(name).map(<[u8]>::to_vec),
            (None, None) => env::var_os(name).map(OsString::into_encoded_bytes),
        }
    }

    /// Shares tokens in the user's cache, unless the variables name another place.
    pub(crate) fn with_store(mut self) -> Self {
        if self.get(STORE).is_none_or(|value| value.is_empty()) {
            self.replace(STORE, "file");
        }
        self
    }

    /// Shares tokens nowhere.
    pub(crate) fn without_store(mut self) -> Self {
        self.unset(&[STORE]);
        self
    }

    /// Reads the site and its client credentials.
    pub(crate) fn config(&self) -> Result<EnvConfig, EnvConfigError> {
        EnvConfig::read(|name| self.get(name), |path| fs::read(path))
    }

    /// Reads the file with a token that takes the place of client credentials, if the variables name one.
    pub(crate) fn token_file(&self) -> Result<Option<EnvTokenFile>, EnvConfigError> {
        EnvTokenFile::read(|name| self.get(name))
    }

    /// Reads the token store alone: the client credentials do not matter, and may be missing.
    pub(crate) fn token_store(&self) -> Result<Option<EnvStore>, EnvConfigError> {
        let variable = |name: &str| match name {
            STORE => self.get(name),
            _ => unused_credential(name),
        };
        let config = EnvConfig::read(variable, |path| fs::read(path))?;
        Ok(config.token_store().cloned())
    }

    /// Returns the names that begin like those of this library, and that it does not read.
    pub(crate) fn unread(&self) -> Vec<String> {
        let mut names = match &self.profile {
            Some(profile) => profile.variables().map(|(name, _)| name.into()).collect(),
            None => of_environment(),
        };
        let read = names_read();
        names.retain(|name| is_name(name) && !read.contains(name) && name != API_URL);
        names.sort();
        names
    }

    /// Returns the URL of this path at the site.
    pub(crate) fn url_of_path(&self, path: &str) -> Result<String, UrlError> {
        let url = self.get("EDX_TOKEN_URL").filter(|url| !url.is_empty());
        let url = url.map_or_else(|| Ok(EDX.to_owned()), String::from_utf8);
        let site = url.ok().and_then(|url| url.parse::<Uri>().ok());
        let site = site.ok_or(UrlError::Malformed)?;
        match (site.scheme_str(), site.authority()) {
            (Some(scheme), Some(authority)) => Ok(format!("{scheme}://{authority}{path}")),
            _ => Err(UrlError::NoScheme),
        }
    }

    fn replace(&mut self, name: &'static str, value: impl AsRef<[u8]>) {
        self.replaced.retain(|(replaced, _)| *replaced != name);
        let value = Zeroizing::new(value.as_ref().to_vec());
        self.replaced.push((name, value));
    }

    /// Sets variables to nothing, which counts as unset.
    fn unset(&mut self, names: &[&'static str]) {
        for name in names {
            self.replace(name, "");
        }
    }
}

fn of_environment() -> Vec<String> {
    let names = env::vars_os().map(|(name, _)| name);
    names
        .map(|name| name.to_string_lossy().into_owned())
        .collect()
}

/// Returns the names of all variables that the library asks for.
fn names_read() -> BTreeSet<String> {
    let names = RefCell::new(BTreeSet::new());
    let variable = |name: &str| {
        names.borrow_mut().insert(name.to_owned());
        unused_credential(name)
    };
    let _file = EnvTokenFile::read(variable);
    let _config = EnvConfig::read(variable, |path| fs::read(path));
    names.into_inner()
}

/// Returns a value for each variable without which there is no configuration.
fn unused_credential(name: &str) -> Option<Vec<u8>> {
    ["EDX_CLIENT_ID", "EDX_CLIENT_SECRET"]
        .contains(&name)
        .then(|| b"unused".to_vec())
}

/// Returns the value of `EDX_TOKEN_URL` for this site.
fn url_of(site: &str) -> &str {
    match site {
        "edx" => EDX,
        "stage" => "https://api.stage.edx.org",
        url => url,
    }
}

fn path_text(path: &std::path::Path) -> &[u8] {
    path.as_os_str().as_encoded_bytes()
}

/// Returns the secret without the one newline that `echo` adds, as from a file.
fn secret_on_stdin() -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut secret = Zeroizing::new(Vec::new());
    let read = io::stdin()
        .lock()
        .take(LONGEST_SECRET)
        .read_to_end(&mut secret);
    read.map_err(Failure::Stdin)?;
    let ending = [&b"\r\n"[..], b"\n"]
        .into_iter()
        .find(|ending| secret.ends_with(ending));
    let length = secret.len() - ending.map_or(0, <[u8]>::len);
    secret.truncate(length);
    Ok(secret)
}

const EDX: &str = "https://api.edx.org";
/// The quickstarts read it.
const API_URL: &str = "EDX_API_URL";
const STORE: &str = "EDX_TOKEN_STORE";
const TOKEN_FILE: &str = "EDX_ACCESS_TOKEN_FILE";

/// More than any client secret has.
const LONGEST_SECRET: u64 = 64 * 1024;
