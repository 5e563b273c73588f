//! The client credentials: a client ID and its secret.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use thiserror::Error;
use zeroize::Zeroizing;

use super::invisible::format_character;

/// The client ID and the client secret of an application
/// ([RFC 6749 section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).
///
/// Clones share one secret, which is wiped from memory when the last clone is dropped. `Debug`
/// shows only the client ID. There is no `PartialEq` and no serialization.
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
pub struct ClientCredentials(Arc<Parts>);

#[derive(PartialEq, Eq)]
struct Parts {
    client_id: Box<str>,
    client_secret: Zeroizing<String>,
}

/// Why a text cannot be a client ID or a client secret.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialsError {
    /// It is empty.
    #[error("the {0} is empty")]
    Empty(CredentialPart),
    /// It contains a control character, such as a line break, a tab or a NUL.
    #[error("the {0} contains a line break or another control character")]
    ControlCharacter(CredentialPart),
    /// It contains an invisible character, one of Unicode's category `Cf`: a zero-width space, a soft
    /// hyphen, a byte order mark, a mark of writing direction.
    #[error("the {0} contains the invisible character U+{code:04X}", code = u32::from(*.1))]
    InvisibleCharacter(CredentialPart, char),
    /// It has whitespace before or after it.
    #[error("the {0} has leading or trailing whitespace")]
    SurroundingWhiteSpace(CredentialPart),
}

/// The part of the client credentials that an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CredentialPart {
    /// The client ID.
    ClientId,
    /// The client secret.
    ClientSecret,
}

impl ClientCredentials {
    /// Creates client credentials from the texts that edX's page or the LMS's command shows. The
    /// buffer of the secret is kept, and wiped when dropped: pass a `String` to leave no copy
    /// behind.
    ///
    /// # Errors
    /// Returns an error if one of them is empty, contains a control character or an invisible one, or
    /// has whitespace around it. Generated credentials never do; such texts come from a file or a
    /// clipboard.
    pub fn new(
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Result<Self, CredentialsError> {
        let client_id = client_id.into();
        let client_secret = Zeroizing::new(client_secret.into());
        check(&client_id, CredentialPart::ClientId)?;
        check(&client_secret, CredentialPart::ClientSecret)?;
        Ok(Self(Arc::new(Parts {
            client_id: client_id.into(),
            client_secret,
        })))
    }

    /// Returns the client ID, which is not secret.
    #[must_use]
    pub fn client_id(&self) -> &str {
        &self.0.client_id
    }

    /// Reports whether the client ID and the client secret are both equal. There is no `==`, so
    /// that no secret is compared by accident.
    #[must_use]
    pub fn is_same_pair(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    pub(super) fn client_secret(&self) -> &str {
        &self.0.client_secret
    }
}

impl CredentialsError {
    /// Returns the part that is invalid.
    pub(crate) fn part(self) -> CredentialPart {
        match self {
            Self::Empty(part)
            | Self::ControlCharacter(part)
            | Self::InvisibleCharacter(part, _)
            | Self::SurroundingWhiteSpace(part) => part,
        }
    }

    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::Empty(_) => {
                "Copy it from the page that showed it; the variable or the file that should \
                 contain it may be empty."
            }
            Self::ControlCharacter(_) => {
                "Copy it again on one line: it contains a line break or a tab, most often from a \
                 file or a terminal."
            }
            Self::InvisibleCharacter(..) => {
                "Delete that character, or copy the text again from the page that showed it: it came \
                 along from an editor, a chat or a web page, and no generated credential has it."
            }
            Self::SurroundingWhiteSpace(_) => {
                "Remove the whitespace before and after it, most often left by copying."
            }
        }
    }
}

impl fmt::Display for CredentialPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ClientId => "client ID",
            Self::ClientSecret => "client secret",
        })
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials")
            .field("client_id", &self.client_id())
            .field("client_secret", &format_args!("<redacted>"))
            .finish()
    }
}

/// Checks for what copying leaves in a text. Any other Unicode is allowed, since the form encodes it.
fn check(text: &str, part: CredentialPart) -> Result<(), CredentialsError> {
    if text.is_empty() {
        Err(CredentialsError::Empty(part))
    } else if text.contains(char::is_control) {
        Err(CredentialsError::ControlCharacter(part))
    } else if let Some(character) = format_character(text) {
        Err(CredentialsError::InvisibleCharacter(part, character))
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
    fn credentials_can_contain_any_unicode() {
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
    fn an_error_names_the_damaged_part() {
        use CredentialPart::{ClientId, ClientSecret};
        use CredentialsError::{
            ControlCharacter, Empty, InvisibleCharacter, SurroundingWhiteSpace,
        };
        for (id, secret, fault) in [
            ("", "s", Empty(ClientId)),
            ("i", "", Empty(ClientSecret)),
            ("i\n", "s", ControlCharacter(ClientId)),
            ("i", "s\r\n", ControlCharacter(ClientSecret)),
            ("i", "a\tb", ControlCharacter(ClientSecret)),
            ("i", "\0", ControlCharacter(ClientSecret)),
            ("i", "a\u{85}b", ControlCharacter(ClientSecret)),
            ("i\u{200b}", "s", InvisibleCharacter(ClientId, '\u{200b}')),
            (
                "i",
                "s\u{2060}t",
                InvisibleCharacter(ClientSecret, '\u{2060}'),
            ),
            (
                "i",
                "\u{feff}s",
                InvisibleCharacter(ClientSecret, '\u{feff}'),
            ),
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
    fn credentials_are_the_same_if_both_parts_are() {
        let credentials = |id: &str, secret: &str| ClientCredentials::new(id, secret).unwrap();
        let own = credentials("acme", "s3cret");

        assert!(own.is_same_pair(&credentials("acme", "s3cret")));
        assert!(!own.is_same_pair(&credentials("acme", "another")));
        assert!(!own.is_same_pair(&credentials("another", "s3cret")));
        assert!(!own.is_same_pair(&credentials("another", "another")));
    }

    #[test]
    fn an_error_message_names_the_damaged_part_and_what_to_do() {
        use CredentialPart::{ClientId, ClientSecret};
        use CredentialsError::{
            ControlCharacter, Empty, InvisibleCharacter, SurroundingWhiteSpace,
        };
        for (fault, text, advice) in [
            (Empty(ClientId), "the client ID is empty", "Copy it from"),
            (
                ControlCharacter(ClientSecret),
                "the client secret contains a line break or another control character",
                "on one line",
            ),
            (
                InvisibleCharacter(ClientSecret, '\u{ad}'),
                "the client secret contains the invisible character U+00AD",
                "Delete that character",
            ),
            (
                SurroundingWhiteSpace(ClientSecret),
                "the client secret has leading or trailing whitespace",
                "Remove the whitespace",
            ),
        ] {
            assert_eq!(fault.to_string(), text);
            assert!(fault.advice().contains(advice), "{text}");
        }
    }
}
