//! The program's name in its `User-Agent`.

use alloc::format;
use alloc::string::String;
use core::fmt;

use thiserror::Error;

/// The name of the calling program, sent at the end of its `User-Agent`. The services of an
/// Open edX site set it with `EDX_REST_API_CLIENT_NAME`.
///
/// ```
/// use edx_auth_core::ClientName;
///
/// let name = ClientName::new("acme-nightly-sync")?;
/// assert_eq!(name.user_agent("edx-auth-core/0.1"), "edx-auth-core/0.1 acme-nightly-sync");
/// # Ok::<(), edx_auth_core::ClientNameError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClientName(String);

/// Why a text is not a valid [`ClientName`].
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ClientNameError {
    /// The name is empty or contains something other than printable ASCII.
    #[error("the client name is empty or contains characters other than printable ASCII")]
    Characters,
    /// The name contains `edX/org.edx.mobile`. Open edX treats such a client as its mobile app and
    /// may not issue a JWT to it.
    #[error("the client name is the name of edX's mobile app")]
    MobileApp,
}

impl ClientNameError {
    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Characters => "Use printable ASCII characters only.",
            Self::MobileApp => {
                "Choose another name: sites issue another type of token to the mobile app."
            }
        }
    }
}

impl ClientName {
    /// Creates a name. Spaces around it are dropped.
    ///
    /// # Errors
    /// Returns an error if a header cannot carry the name, or if a site would take it for the
    /// mobile app.
    pub fn new(name: &str) -> Result<Self, ClientNameError> {
        let name = name.trim_matches(' ');
        if name.is_empty() || !name.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
            Err(ClientNameError::Characters)
        } else if names_the_mobile_app(name) {
            Err(ClientNameError::MobileApp)
        } else {
            Ok(Self(name.into()))
        }
    }

    /// Returns the `User-Agent` of this program: the library's, then this name.
    #[must_use]
    pub fn user_agent(&self, library: &str) -> String {
        format!("{library} {}", self.0)
    }
}

impl fmt::Display for ClientName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Reports whether the name contains what the LMS's setting `MOBILE_APP_USER_AGENT_REGEXES` matches.
/// That is a regular expression, so each of its dots matches any character. The LMS distinguishes upper
/// and lower case; this check does not, to be safe.
fn names_the_mobile_app(name: &str) -> bool {
    let matches = |part: &[u8]| {
        let both = part.iter().zip(MOBILE_APP);
        both.into_iter()
            .all(|(byte, known)| *known == b'.' || byte.eq_ignore_ascii_case(known))
    };
    name.as_bytes().windows(MOBILE_APP.len()).any(matches)
}

const MOBILE_APP: &[u8] = b"edX/org.edx.mobile";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_contains_only_what_a_header_can_carry() {
        for name in [
            "acme",
            " acme ",
            "default_env-default_deployment-discovery",
            "acme sync (1.0)",
        ] {
            assert!(ClientName::new(name).is_ok(), "{name}");
        }
        for name in ["", " ", "a\nb", "a\tb", "größe", "a\u{7f}"] {
            assert_eq!(
                ClientName::new(name),
                Err(ClientNameError::Characters),
                "{name:?}"
            );
        }
    }

    #[test]
    fn a_name_that_matches_the_mobile_app_is_rejected() {
        for name in [
            "edX/org.edx.mobile",
            "x edx/ORG.edx.mobile/3.0",
            "edX/org-edx_mobile",
        ] {
            assert_eq!(
                ClientName::new(name),
                Err(ClientNameError::MobileApp),
                "{name}"
            );
        }
        assert!(ClientName::new("edX/org.acme.mobile").is_ok());
    }

    #[test]
    fn a_name_ends_the_user_agent() {
        let name = ClientName::new(" acme sync (1.0) ").unwrap();

        assert_eq!(
            name.user_agent("edx-auth/0.1"),
            "edx-auth/0.1 acme sync (1.0)"
        );
    }

    #[test]
    fn each_error_says_what_to_do() {
        assert!(
            ClientNameError::Characters
                .advice()
                .contains("printable ASCII")
        );
        assert!(ClientNameError::MobileApp.advice().contains("another name"));
    }
}
