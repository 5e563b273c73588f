//! Profiles: files with `EDX_*` variables in the user's configuration folder, one for each site or client.

use std::env;
use std::fs::{File, Metadata};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

/// The variables of one profile.
pub(crate) struct Profile {
    text: Zeroizing<String>,
}

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProfileError {
    #[error("a profile has a name of letters, digits, `-`, `_` and `.`, and no path")]
    Name,
    #[error("no configuration folder is known: neither XDG_CONFIG_HOME nor HOME is set")]
    NoFolder,
    #[error("the profile {} cannot be read", path.display())]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("the profile {} contains a client secret and is open to other users", path.display())]
    Open { path: PathBuf },
    #[error("the profile {} can be changed by other users", path.display())]
    Writable { path: PathBuf },
    #[error("line {line} of the profile {} is not EDX_NAME=value", path.display())]
    Line { path: PathBuf, line: usize },
}

impl ProfileError {
    /// Returns one sentence on what to do next.
    pub(crate) fn advice(&self) -> &'static str {
        match self {
            Self::Name => "Pass the name of the file without its folder and without .env.",
            Self::NoFolder => "Set HOME, or XDG_CONFIG_HOME to the folder that contains edx-auth.",
            Self::Unreadable { .. } => {
                "Create the file with lines such as EDX_CLIENT_ID=acme-api, or check the name."
            }
            Self::Open { .. } | Self::Writable { .. } => "Run chmod 600 on the file.",
            Self::Line { .. } => "Write one variable per line; a comment begins with #.",
        }
    }
}

impl Profile {
    /// Reads the profile of this name.
    pub(crate) fn read(name: &str) -> Result<Self, ProfileError> {
        let path = path(name)?;
        let read = File::open(&path).and_then(read);
        let (text, others) = read.map_err(|source| ProfileError::Unreadable {
            path: path.clone(),
            source,
        })?;
        let profile = Self { text };
        profile.check(&path, others)?;
        Ok(profile)
    }

    /// Returns the value of a variable if the profile sets it.
    pub(crate) fn get(&self, name: &str) -> Option<&[u8]> {
        let mut set = self.variables();
        set.find(|(set, _)| *set == name)
            .map(|(_, value)| value.as_bytes())
    }

    /// Returns the names and values of the variables that the profile sets.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.lines().filter_map(|(_, line)| line.split_once('='))
    }

    /// Checks the lines, and what other users may do with the file: who can write to it decides where the
    /// client secret is sent.
    fn check(&self, path: &Path, others: Others) -> Result<(), ProfileError> {
        let mut lines = self.lines();
        if let Some((line, _)) = lines.find(|(_, line)| !is_assignment(line)) {
            let path = path.to_owned();
            return Err(ProfileError::Line { path, line });
        }
        let path = path.to_owned();
        match others {
            Others::Write => Err(ProfileError::Writable { path }),
            Others::Read if self.get("EDX_CLIENT_SECRET").is_some() => {
                Err(ProfileError::Open { path })
            }
            Others::Read | Others::Nothing => Ok(()),
        }
    }

    /// Returns the lines that are neither empty nor a comment, with their numbers.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = (1..).zip(self.text.lines().map(str::trim));
        lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
    }
}

/// Returns the folder of the profiles.
pub(crate) fn folder() -> Result<PathBuf, ProfileError> {
    let folder = |name| {
        let value = env::var_os(name).map(PathBuf::from);
        value.filter(|path| path.is_absolute())
    };
    let config = if cfg!(windows) {
        folder("APPDATA")
    } else {
        folder("XDG_CONFIG_HOME").or_else(|| folder("HOME").map(|home| home.join(".config")))
    };
    let config = config.ok_or(ProfileError::NoFolder)?;
    Ok(config.join("edx-auth"))
}

fn path(name: &str) -> Result<PathBuf, ProfileError> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    if name.is_empty() || name.starts_with('.') || !name.bytes().all(is_allowed) {
        return Err(ProfileError::Name);
    }
    Ok(folder()?.join(format!("{name}.env")))
}

fn is_assignment(line: &str) -> bool {
    let name = line.split_once('=').map(|(name, _)| name);
    name.is_some_and(is_name)
}

/// Reports whether this may be the name of a variable of this library. Anything else may be part of a secret.
pub(crate) fn is_name(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    text.starts_with("EDX_") && text.bytes().all(is_allowed)
}

/// What users other than the owner may do with a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Others {
    Nothing,
    Read,
    Write,
}

fn read(mut file: File) -> io::Result<(Zeroizing<String>, Others)> {
    let mut text = Zeroizing::new(String::new());
    file.read_to_string(&mut text)?;
    Ok((text, Others::of(&file.metadata()?)))
}

impl Others {
    #[cfg(unix)]
    fn of(file: &Metadata) -> Self {
        use std::os::unix::fs::PermissionsExt as _;

        match file.permissions().mode() {
            mode if mode & 0o022 != 0 => Self::Write,
            mode if mode & 0o077 != 0 => Self::Read,
            _ => Self::Nothing,
        }
    }

    /// On Windows, the user's configuration folder is closed to other users.
    #[cfg(not(unix))]
    fn of(_: &Metadata) -> Self {
        Self::Nothing
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn profile(text: &str) -> Profile {
        let text = text.to_owned().into();
        Profile { text }
    }

    #[test]
    fn a_value_is_what_follows_the_equals_sign() {
        let profile =
            profile("# acme\n\nEDX_CLIENT_ID=acme\nEDX_TOKEN_URL=https://x.example/?\r\n");

        assert_eq!(profile.get("EDX_CLIENT_ID"), Some(&b"acme"[..]));
        assert_eq!(
            profile.get("EDX_TOKEN_URL"),
            Some(&b"https://x.example/?"[..])
        );
        assert_eq!(profile.get("EDX_CLIENT"), None);
    }

    #[test]
    fn a_line_that_sets_no_variable_of_edx_is_an_error_with_its_number() {
        let path = Path::new("/acme.env");
        for line in ["PATH=/bin", "EDX_CLIENT_ID", "EDX_CLIENT_ID = acme"] {
            let error = profile(&format!("# acme\n{line}\n")).check(path, Others::Nothing);
            assert!(
                matches!(error, Err(ProfileError::Line { line: 2, .. })),
                "{line}"
            );
        }
    }

    #[test]
    fn a_name_is_no_path() {
        for name in ["", ".", "..", "../acme", "a/b", "a\\b", ".hidden"] {
            assert!(matches!(path(name), Err(ProfileError::Name)), "{name}");
        }
    }
}
