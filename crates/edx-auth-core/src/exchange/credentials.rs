//! Who asks: a client id and its secret.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use thiserror::Error;
use zeroize::Zeroizing;

/// The id and the secret of an application
/// ([RFC 6749 section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).
///
/// Clones share one secret, which is wiped when the last of them is dropped. `Debug` shows the id
/// alone; there is no comparison and no serialization.
///
/// ```
/// use edx_auth_core::ClientCredentials;
///
/// let credentials = ClientCredentials::new("acme-api", "s3cret")?;
/// assert_eq!(
///     format!("{credentials:?}"),
///     r#"ClientCredentials { client_id: "acme-api", client_secret: <redacted> }"#,
/// );
/// # Ok::<(), edx_auth_core::CredentialsError>(())
/// ```
#[derive(Clone)]
pub struct ClientCredentials {
    client_id: Arc<str>,
    client_secret: Arc<Zeroizing<String>>,
}

/// An id or a secret that was surely damaged on its way here.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialsError {
    /// Nothing at all.
    #[error("the {0} is empty")]
    Empty(CredentialPart),
    /// A line break, a tab, a NUL or the like.
    #[error("the {0} has a line break or another control character in it")]
    ControlCharacter(CredentialPart),
    /// White space before or after it.
    #[error("the {0} has white space around it")]
    SurroundingWhiteSpace(CredentialPart),
}

/// The half of the pair that an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialPart {
    /// The client id.
    ClientId,
    /// The client secret.
    ClientSecret,
}

impl ClientCredentials {
    /// The pair as edX's page or the LMS's command shows it. The secret's own buffer is kept and
    /// wiped in the end; hand it in by value where no copy should stay behind.
    ///
    /// # Errors
    /// Where either is empty, or has a control character or white space around it: no generated
    /// pair has one, and every such pair that was ever reported came out of a file or a clipboard.
    pub fn new(
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Result<Self, CredentialsError> {
        let client_id = client_id.into();
        let client_secret = Zeroizing::new(client_secret.into());
        check(&client_id, CredentialPart::ClientId)?;
        check(&client_secret, CredentialPart::ClientSecret)?;
        Ok(Self {
            client_id: client_id.into(),
            client_secret: Arc::new(client_secret),
        })
    }

    /// The client id, which is no secret.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Whether this is the same id with the same secret. There is no `==`, so that no secret is
    /// ever compared by accident.
    #[must_use]
    pub fn is_same_pair(&self, other: &Self) -> bool {
        self.client_id == other.client_id && self.client_secret == other.client_secret
    }

    pub(super) fn client_secret(&self) -> &str {
        &self.client_secret
    }
}

impl CredentialsError {
    /// One sentence on what to do next.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Empty(_) => {
                "Copy it from the page that showed it; a variable or a file that holds it may be \
                 empty."
            }
            Self::ControlCharacter(_) => {
                "Copy it again in one line: a line break or a tab came along, most often out of a \
                 file or a terminal."
            }
            Self::SurroundingWhiteSpace(_) => {
                "Take away the blanks before and after it, most often left by copying."
            }
        }
    }
}

impl fmt::Display for CredentialPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClientId => "client id",
            Self::ClientSecret => "client secret",
        })
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("client_id", &self.client_id)
            .field("client_secret", &format_args!("<redacted>"))
            .finish()
    }
}

/// Any Unicode is fine, for the form encodes it; damage is not.
fn check(text: &str, part: CredentialPart) -> Result<(), CredentialsError> {
    if text.is_empty() {
        Err(CredentialsError::Empty(part))
    } else if text.contains(char::is_control) {
        Err(CredentialsError::ControlCharacter(part))
    } else if text.trim() != text {
        Err(CredentialsError::SurroundingWhiteSpace(part))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::*;

    #[test]
    fn any_unicode_is_fine_inside() {
        assert!(ClientCredentials::new("id+/ü &=%", "sécret:+/ &=%").is_ok());
    }

    #[test]
    fn a_clone_shares_the_buffer_of_the_secret() {
        let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
        let clone = credentials.clone();

        let (one, other) = (credentials.client_secret(), clone.client_secret());
        assert_eq!(one.as_ptr(), other.as_ptr());
    }

    #[test]
    fn damage_is_named_with_the_half_that_has_it() {
        use CredentialPart::{ClientId, ClientSecret};
        use CredentialsError::{ControlCharacter, Empty, SurroundingWhiteSpace};
        for (id, secret, fault) in [
            ("", "s", Empty(ClientId)),
            ("i", "", Empty(ClientSecret)),
            ("i\n", "s", ControlCharacter(ClientId)),
            ("i", "s\r\n", ControlCharacter(ClientSecret)),
            ("i", "a\tb", ControlCharacter(ClientSecret)),
            ("i", "\0", ControlCharacter(ClientSecret)),
            ("i", "a\u{85}b", ControlCharacter(ClientSecret)),
            (" i", "s", SurroundingWhiteSpace(ClientId)),
            ("i", "s ", SurroundingWhiteSpace(ClientSecret)),
            ("i", "\u{a0}s", SurroundingWhiteSpace(ClientSecret)),
        ] {
            assert_eq!(
                ClientCredentials::new(id, secret).err(),
                Some(fault),
                "{id:?} {secret:?}"
            );
        }
    }

    #[test]
    fn a_pair_is_the_same_by_both_its_halves() {
        let pair = |id: &str, secret: &str| ClientCredentials::new(id, secret).unwrap();
        let own = pair("acme", "s3cret");

        assert!(own.is_same_pair(&pair("acme", "s3cret")));
        assert!(!own.is_same_pair(&pair("acme", "another")));
        assert!(!own.is_same_pair(&pair("another", "s3cret")));
        assert!(!own.is_same_pair(&pair("another", "another")));
    }

    #[test]
    fn damage_is_said_with_its_half_and_what_to_do() {
        use CredentialPart::{ClientId, ClientSecret};
        use CredentialsError::{ControlCharacter, Empty, SurroundingWhiteSpace};
        for (fault, said, advice) in [
            (Empty(ClientId), "the client id is empty", "Copy it from"),
            (
                ControlCharacter(ClientSecret),
                "the client secret has a line break or another control character in it",
                "in one line",
            ),
            (
                SurroundingWhiteSpace(ClientSecret),
                "the client secret has white space around it",
                "Take away the blanks",
            ),
        ] {
            assert_eq!(fault.to_string(), said);
            assert!(fault.advice().contains(advice), "{said}");
        }
    }
}
