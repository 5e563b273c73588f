//! What the environment says: variable names, their meaning and precedence. Reads nothing itself:
//! the driver hands in the look-up.

mod variables;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt::Display;

use thiserror::Error;

use crate::exchange::{ClientCredentials, CredentialsError, TokenEndpoint, TokenRequest};
use crate::url::{PlaintextHosts, UrlError};

use variables::{Secretive, Variables};

/// What the `EDX_*` variables ask for.
///
/// | variable | meaning |
/// |---|---|
/// | `EDX_CLIENT_ID` | the client id |
/// | `EDX_CLIENT_SECRET` | the client secret |
/// | `EDX_CLIENT_ID_FILE`, `EDX_CLIENT_SECRET_FILE` | the path of a file that holds it; one line end at its end is dropped |
/// | `EDX_TOKEN_URL` | whatever [`TokenEndpoint::open_edx`] takes; edX itself where it is not set |
/// | `EDX_ALLOW_PLAINTEXT_HTTP` | hosts that may be asked over plain http, with commas between |
///
/// An empty variable counts as one that is not set.
///
/// ```
/// use edx_auth_core::Environment;
///
/// let variable = |name: &str| match name {
///     "EDX_CLIENT_ID" => Some("acme-api".into()),
///     "EDX_CLIENT_SECRET_FILE" => Some("/run/secrets/edx".into()),
///     _ => None,
/// };
/// let file = |path: &str| match path {
///     "/run/secrets/edx" => Ok(b"s3cret\n".to_vec()),
///     _ => Err("no such file"),
/// };
/// let environment = Environment::read(variable, file)?;
/// assert_eq!(
///     environment.token_request().endpoint().to_string(),
///     "https://api.edx.org/oauth2/v1/access_token",
/// );
/// # Ok::<(), edx_auth_core::EnvironmentError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Environment {
    request: TokenRequest,
    plaintext: PlaintextHosts,
}

/// Variables that ask for nothing that can be done.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum EnvironmentError {
    /// Neither the variable nor its `.._FILE` is set.
    #[error("{variable} is not set")]
    Missing {
        /// The name of the variable.
        variable: &'static str,
    },
    /// The variable and its `.._FILE` are both set, and nobody can tell which one is meant.
    #[error("{variable} and {variable}_FILE are both set")]
    ValueAndFile {
        /// The name of the variable.
        variable: &'static str,
    },
    /// A value, or what its file holds, that is not Unicode.
    #[error("{variable} is not Unicode text")]
    NotUnicode {
        /// The name of the variable.
        variable: &'static str,
    },
    /// A file that cannot be read.
    #[error("the file of {variable}_FILE cannot be read: {reason}")]
    File {
        /// The name of the variable, without `_FILE`.
        variable: &'static str,
        /// What the system said.
        reason: String,
    },
    /// The pair was damaged on its way into the environment.
    #[error("in EDX_CLIENT_ID or EDX_CLIENT_SECRET, {0}")]
    Credentials(CredentialsError),
    /// The token URL cannot be trusted with a secret.
    #[error("EDX_TOKEN_URL: {0}")]
    TokenUrl(UrlError),
}

impl Environment {
    /// Reads the variables through `variable`, which gives the value of one that is set, and the
    /// files that they name through `file`.
    ///
    /// # Errors
    /// Where something is missing, set twice, unreadable or damaged: see [`EnvironmentError`].
    pub fn read<E: Display>(
        variable: impl Fn(&str) -> Option<Vec<u8>>,
        file: impl Fn(&str) -> Result<Vec<u8>, E>,
    ) -> Result<Self, EnvironmentError> {
        let variables = Variables { variable, file };
        let id = variables.value_or_file(&CLIENT_ID)?;
        let secret = variables.value_or_file(&CLIENT_SECRET)?;
        let plaintext = PlaintextHosts::dangerously_allow(variables.list(PLAINTEXT_HOSTS)?);
        let endpoint = match variables.text(TOKEN_URL, TOKEN_URL)? {
            Some(url) => TokenEndpoint::open_edx_with(&url, &plaintext)
                .map_err(EnvironmentError::TokenUrl)?,
            None => TokenEndpoint::edx(),
        };
        let credentials = ClientCredentials::new(id.as_str(), secret.as_str())
            .map_err(EnvironmentError::Credentials)?;
        Ok(Self {
            request: TokenRequest::new(endpoint, credentials),
            plaintext,
        })
    }

    /// The token request that the variables describe.
    #[must_use]
    pub fn token_request(&self) -> &TokenRequest {
        &self.request
    }

    /// The hosts that may be spoken to over plain http.
    #[must_use]
    pub fn plaintext_hosts(&self) -> &PlaintextHosts {
        &self.plaintext
    }
}

impl EnvironmentError {
    /// One sentence on what to do next.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Missing { .. } => {
                "Set EDX_CLIENT_ID and EDX_CLIENT_SECRET, or EDX_CLIENT_ID_FILE and \
                 EDX_CLIENT_SECRET_FILE with the paths of files that hold them."
            }
            Self::ValueAndFile { .. } => "Unset one of the two.",
            Self::NotUnicode { .. } => "Save it as UTF-8 text.",
            Self::File { .. } => "Check the path, and that this user may read the file.",
            Self::Credentials(error) => error.advice(),
            Self::TokenUrl(error) => error.advice(),
        }
    }
}

const CLIENT_ID: Secretive = Secretive {
    variable: "EDX_CLIENT_ID",
    file: "EDX_CLIENT_ID_FILE",
};
const CLIENT_SECRET: Secretive = Secretive {
    variable: "EDX_CLIENT_SECRET",
    file: "EDX_CLIENT_SECRET_FILE",
};
const TOKEN_URL: &str = "EDX_TOKEN_URL";
const PLAINTEXT_HOSTS: &str = "EDX_ALLOW_PLAINTEXT_HTTP";

#[cfg(test)]
mod tests {
    use alloc::format;
    use alloc::string::ToString;

    use super::*;

    /// Variables and files as one would write them down.
    fn read(
        table: &[(&str, &str)],
        files: &[(&str, &[u8])],
    ) -> Result<Environment, EnvironmentError> {
        let variable = |name: &str| {
            let set = table.iter().find(|(set, _)| *set == name);
            set.map(|(_, value)| value.as_bytes().to_vec())
        };
        let file = |path: &str| {
            let found = files.iter().find(|(known, _)| *known == path);
            found
                .map(|(_, content)| content.to_vec())
                .ok_or("no such file")
        };
        Environment::read(variable, file)
    }

    const PAIR: [(&str, &str); 2] = [("EDX_CLIENT_ID", "acme"), ("EDX_CLIENT_SECRET", "s3cret")];

    fn body(environment: &Environment) -> String {
        let (request, _) = environment.token_request().begin();
        String::from_utf8(request.body().as_ref().to_vec()).unwrap()
    }

    fn endpoint(more: &[(&str, &str)]) -> Result<String, EnvironmentError> {
        let environment = read(&[&PAIR, more].concat(), &[])?;
        Ok(environment.token_request().endpoint().to_string())
    }

    #[test]
    fn the_pair_alone_asks_edx() {
        assert_eq!(
            endpoint(&[]).unwrap(),
            "https://api.edx.org/oauth2/v1/access_token"
        );
        assert!(body(&read(&PAIR, &[]).unwrap()).contains("client_id=acme&client_secret=s3cret"));
    }

    #[test]
    fn a_file_loses_one_line_end_and_no_more() {
        let table = [
            ("EDX_CLIENT_ID_FILE", "/id"),
            ("EDX_CLIENT_SECRET_FILE", "/secret"),
        ];
        for content in [&b"s3cret"[..], b"s3cret\n", b"s3cret\r\n"] {
            let environment = read(&table, &[("/id", b"acme\n"), ("/secret", content)]).unwrap();
            assert!(body(&environment).contains("client_id=acme&client_secret=s3cret&"));
        }
        let twice = read(&table, &[("/id", b"acme"), ("/secret", b"s3cret\n\n")]);
        assert!(
            matches!(twice, Err(EnvironmentError::Credentials(_))),
            "{twice:?}"
        );
    }

    #[test]
    fn an_empty_variable_is_not_set() {
        let table = [
            &PAIR[..],
            &[("EDX_CLIENT_ID_FILE", ""), ("EDX_TOKEN_URL", "")],
        ]
        .concat();

        assert!(read(&table, &[]).is_ok());
    }

    #[test]
    fn what_is_missing_is_named() {
        for (table, variable) in [
            (&PAIR[1..], "EDX_CLIENT_ID"),
            (&PAIR[..1], "EDX_CLIENT_SECRET"),
        ] {
            assert_eq!(
                read(table, &[]).err(),
                Some(EnvironmentError::Missing { variable })
            );
        }
    }

    #[test]
    fn a_value_and_its_file_at_once_are_refused() {
        let table = [&PAIR[..], &[("EDX_CLIENT_SECRET_FILE", "/secret")]].concat();
        let variable = "EDX_CLIENT_SECRET";

        assert_eq!(
            read(&table, &[]).err(),
            Some(EnvironmentError::ValueAndFile { variable })
        );
    }

    #[test]
    fn a_file_that_cannot_be_read_says_why() {
        let table = [PAIR[0], ("EDX_CLIENT_SECRET_FILE", "/nowhere")];

        assert_eq!(
            read(&table, &[]).unwrap_err().to_string(),
            "the file of EDX_CLIENT_SECRET_FILE cannot be read: no such file"
        );
    }

    #[test]
    fn a_file_that_is_no_text_shows_nothing_of_itself() {
        let table = [PAIR[0], ("EDX_CLIENT_SECRET_FILE", "/secret")];
        let error = read(&table, &[("/secret", b"s3\xFFcret")]).unwrap_err();

        assert_eq!(
            error,
            EnvironmentError::NotUnicode {
                variable: "EDX_CLIENT_SECRET"
            }
        );
        assert!(!format!("{error:?}").contains("cret\""));
    }

    #[test]
    fn a_site_is_asked_where_its_url_leads() {
        let url = |url| endpoint(&[("EDX_TOKEN_URL", url)]);

        assert_eq!(
            url("https://lms.example").unwrap(),
            "https://lms.example/oauth2/access_token"
        );
        assert_eq!(
            url("lms.example"),
            Err(EnvironmentError::TokenUrl(UrlError::NoScheme))
        );
    }

    #[test]
    fn plain_http_is_for_the_hosts_that_are_named() {
        let asked = |hosts| {
            endpoint(&[
                ("EDX_TOKEN_URL", "http://lms:8000"),
                ("EDX_ALLOW_PLAINTEXT_HTTP", hosts),
            ])
        };

        assert_eq!(asked("lms").unwrap(), "http://lms:8000/oauth2/access_token");
        assert!(asked("other, LMS ,").is_ok());
        for hosts in ["", "*", "lm", "lms:8000", "http://lms"] {
            assert!(asked(hosts).is_err(), "{hosts}");
        }
    }
}
