//! The body of a token request and its HTTP Basic value, which contain the encoded secret.

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use zeroize::Zeroizing;

/// The body of a token request, `application/x-www-form-urlencoded`.
///
/// Clones share one buffer, which is wiped when the last clone is dropped. Send it without a copy
/// that is not wiped: it is `AsRef<[u8]>`, and `bytes::Bytes::from_owner(body)` shares the buffer.
#[derive(Clone)]
pub struct FormBody(Arc<Zeroizing<String>>);

/// The fields of a token request (RFC 6749 sections 4.4.2 and 2.3.1, and edX's `token_type`).
#[derive(Serialize)]
pub(super) struct TokenForm<'a> {
    pub(super) grant_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) client_secret: Option<&'a str>,
    pub(super) token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) scope: Option<&'a str>,
}

impl FormBody {
    /// Returns the length in bytes, for `Content-Length`.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns `false`: every token request has fields.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl AsRef<[u8]> for FormBody {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for FormBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FormBody(<redacted>, {} bytes)", self.len())
    }
}

impl TokenForm<'_> {
    #[expect(
        clippy::expect_used,
        reason = "serde_urlencoded fails only on nested values, and these are all text"
    )]
    pub(super) fn encode(&self) -> FormBody {
        let buffer = String::with_capacity(self.capacity());
        let mut encoder = form_urlencoded::Serializer::new(buffer);
        self.serialize(serde_urlencoded::Serializer::new(&mut encoder))
            .expect("flat text fields always encode");
        let body = Zeroizing::new(encoder.finish());
        // A copy of its exact length, since a source keeps it: most texts are a third of their longest encoding.
        FormBody(Arc::new(Zeroizing::new(String::from(body.as_str()))))
    }

    /// Returns the length of the longest encoding: a buffer that grew would leave copies of the
    /// secret behind.
    fn capacity(&self) -> usize {
        let values = [self.client_id, self.client_secret, self.scope];
        let values = values.into_iter().flatten().map(str::len).sum::<usize>();
        NAMES_AND_CONSTANTS + 3 * values
    }
}

/// Returns the client credentials for HTTP Basic, without the scheme. Both parts are form-encoded
/// first ([RFC 6749 section 2.3.1](https://www.rfc-editor.org/rfc/rfc6749#section-2.3.1)).
///
/// Open edX decodes them, so it would reject a secret with a raw `+` or `%`.
pub(crate) fn basic(id: &str, secret: &str) -> Zeroizing<String> {
    let mut userinfo = Zeroizing::new(String::with_capacity(3 * (id.len() + secret.len()) + 1));
    userinfo.extend(form_urlencoded::byte_serialize(id.as_bytes()));
    userinfo.push(':');
    userinfo.extend(form_urlencoded::byte_serialize(secret.as_bytes()));
    Zeroizing::new(STANDARD.encode(userinfo.as_bytes()))
}

/// More bytes than the names of all fields, their `=` and `&`, and the two constant values have together.
const NAMES_AND_CONSTANTS: usize = 128;

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    fn form() -> TokenForm<'static> {
        TokenForm {
            grant_type: "client_credentials",
            client_id: Some("id+/ü &=%"),
            client_secret: Some("sécret:+/ &=%"),
            token_type: "jwt",
            scope: None,
        }
    }

    #[test]
    fn every_character_is_form_encoded() {
        assert_eq!(
            form().encode().as_ref(),
            b"grant_type=client_credentials&client_id=id%2B%2F%C3%BC+%26%3D%25\
              &client_secret=s%C3%A9cret%3A%2B%2F+%26%3D%25&token_type=jwt"
        );
    }

    #[test]
    fn the_buffer_never_grows() {
        let worst = "%".repeat(1000);
        let form = TokenForm {
            client_id: Some(&worst),
            client_secret: Some(&worst),
            scope: Some(&worst),
            ..form()
        };

        assert!(form.encode().len() <= form.capacity());
    }

    #[test]
    fn basic_encodes_each_part_before_joining_them() {
        let encoded = basic("id+/ü &=%", "sécret:+/ &=%");
        let decoded = STANDARD.decode(encoded.as_bytes()).unwrap();

        assert_eq!(
            decoded,
            b"id%2B%2F%C3%BC+%26%3D%25:s%C3%A9cret%3A%2B%2F+%26%3D%25"
        );
    }

    #[test]
    fn debug_shows_only_the_length() {
        assert_eq!(
            format!("{:?}", form().encode()),
            "FormBody(<redacted>, 124 bytes)"
        );
    }

    #[test]
    fn the_capacity_suffices_for_a_form_without_credentials() {
        let form = TokenForm {
            client_id: None,
            client_secret: None,
            ..form()
        };

        assert!(form.encode().len() <= form.capacity());
        assert!(!form.encode().is_empty());
    }
}
