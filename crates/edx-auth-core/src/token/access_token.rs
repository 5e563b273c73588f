//! The access token and its `Authorization` header value.

use alloc::vec::Vec;
use core::fmt;

use bytes::Bytes;
use http::HeaderValue;
use thiserror::Error;
use zeroize::Zeroizing;

use super::{ClaimsError, TokenType, UnverifiedClaims};

/// An access token, ready to be sent.
///
/// Clones and header values share one buffer, which is wiped from memory when the last of them is
/// dropped. `Debug` never shows the token, there is no `Display`, and the header value is marked
/// sensitive.
///
/// ```
/// use edx_auth_core::{AccessToken, TokenType};
/// use http::header::AUTHORIZATION;
///
/// let token = AccessToken::new(TokenType::Jwt, "eyJhbGciOiJIUzI1NiJ9.e30.c2ln")?;
/// let mut request = http::Request::get("https://api.edx.org/catalog/v1/catalogs").body(())?;
/// request.headers_mut().insert(AUTHORIZATION, token.authorization().clone());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct AccessToken {
    authorization: HeaderValue,
    token_type: TokenType,
}

/// The error for a text that cannot be an access token: it is empty, or it contains characters that
/// RFC 6750 section 2.1 does not allow.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the access token is empty or contains characters that are not allowed in a token")]
#[non_exhaustive]
pub struct AccessTokenError;

impl AccessTokenError {
    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(self) -> &'static str {
        "Copy the token alone, without its scheme, quotes or line breaks."
    }
}

impl AccessToken {
    /// Creates an access token from its text without the scheme.
    ///
    /// # Errors
    /// Returns an error if the text is not a `b64token` ([RFC 6750 section 2.1][rfc]). Every JWT is
    /// one.
    ///
    /// [rfc]: https://www.rfc-editor.org/rfc/rfc6750#section-2.1
    pub fn new(token_type: TokenType, token: &str) -> Result<Self, AccessTokenError> {
        if !is_b64token(token) {
            return Err(AccessTokenError);
        }
        let value = Bytes::from_owner(authorization(token_type, token));
        let mut authorization =
            HeaderValue::from_maybe_shared(value).map_err(|_| AccessTokenError)?;
        authorization.set_sensitive(true);
        Ok(Self {
            authorization,
            token_type,
        })
    }

    /// Returns the value of the `Authorization` header, scheme included. Cloning it copies nothing.
    #[doc(alias = "header")]
    #[must_use]
    pub fn authorization(&self) -> &HeaderValue {
        &self.authorization
    }

    /// Consumes the token and returns the value of the `Authorization` header.
    #[must_use]
    pub fn into_authorization(self) -> HeaderValue {
        self.authorization
    }

    /// Returns the type of the token, which is its scheme.
    #[must_use]
    pub fn token_type(&self) -> TokenType {
        self.token_type
    }

    /// Returns the token in plain text, without its scheme. Anyone who has it can act as the client
    /// until it expires.
    #[doc(alias = "secret")]
    #[must_use]
    pub fn expose(&self) -> &str {
        let value = self.authorization.to_str().unwrap_or_default();
        let token = value.strip_prefix(self.token_type.scheme());
        token
            .and_then(|token| token.strip_prefix(' '))
            .unwrap_or_default()
    }

    /// Decodes the claims of the token, **unverified**: only the server has the key. Show them to
    /// people, but base no decision on them.
    ///
    /// # Errors
    /// Returns an error if the token is opaque or not a readable JWT.
    ///
    /// ```
    /// use edx_auth_core::{AccessToken, TokenType};
    ///
    /// // {"preferred_username":"acme-api"}
    /// let jwt = "eyJhbGciOiJIUzI1NiJ9.eyJwcmVmZXJyZWRfdXNlcm5hbWUiOiJhY21lLWFwaSJ9.c2ln";
    /// let claims = AccessToken::new(TokenType::Jwt, jwt)?.claims()?;
    /// assert_eq!(claims.username(), Some("acme-api"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn claims(&self) -> Result<UnverifiedClaims, ClaimsError> {
        UnverifiedClaims::decode(self.expose())
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AccessToken({} <redacted>)", self.token_type)
    }
}

/// Returns the header value in a buffer of the exact size: one that grew would leave copies behind.
fn authorization(token_type: TokenType, token: &str) -> Zeroizing<Vec<u8>> {
    let scheme = token_type.scheme();
    let mut value = Zeroizing::new(Vec::with_capacity(scheme.len() + 1 + token.len()));
    value.extend_from_slice(scheme.as_bytes());
    value.push(b' ');
    value.extend_from_slice(token.as_bytes());
    value
}

/// Reports whether the text is `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`.
fn is_b64token(token: &str) -> bool {
    let unpadded = token.trim_end_matches('=').as_bytes();
    // Nearly every token has only characters of a JWT, and checking for two more takes half as long again.
    !unpadded.is_empty() && (all_in(unpadded, beside_jwt) || all_in(unpadded, beside_b64token))
}

/// Reports whether all bytes are in a set: no byte is beside it. Checks all of them without an early exit,
/// so that the compiler can check sixteen at a time.
fn all_in(bytes: &[u8], beside: impl Fn(u8) -> u8) -> bool {
    bytes.iter().fold(0, |any, byte| any | beside(*byte)) == 0
}

/// Returns zero for a character of a JWT, or `/`, and more for other bytes. In ASCII, `-`, `.`, `/` and the
/// digits are contiguous.
fn beside_jwt(byte: u8) -> u8 {
    let beside_letters = (byte | 0x20).wrapping_sub(b'a').saturating_sub(b'z' - b'a');
    let beside_digits = byte.wrapping_sub(b'-').saturating_sub(b'9' - b'-');
    beside_letters.min(beside_digits).min(byte ^ b'_')
}

/// Returns zero for a character of a token, and more for other bytes.
fn beside_b64token(byte: u8) -> u8 {
    beside_jwt(byte).min(byte ^ b'+').min(byte ^ b'~')
}

#[cfg(test)]
mod tests {
    use alloc::format;

    use super::*;

    #[test]
    fn the_value_is_the_scheme_one_space_and_the_token() {
        let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();

        assert_eq!(token.authorization(), "JWT a.b.c");
        assert!(token.authorization().is_sensitive());
        assert_eq!(token.expose(), "a.b.c");
    }

    #[test]
    fn an_opaque_token_has_the_scheme_bearer() {
        let token = AccessToken::new(TokenType::Bearer, "abc123==").unwrap();

        assert_eq!(token.authorization(), "Bearer abc123==");
        assert_eq!(token.expose(), "abc123==");
    }

    #[test]
    fn text_with_characters_that_no_token_has_is_rejected() {
        for text in ["", "=", "a b", "a\r\nb", "a\0", "ä", "a=b", "\"a\"", "a…"] {
            assert_eq!(
                AccessToken::new(TokenType::Jwt, text).err(),
                Some(AccessTokenError),
                "{text:?}"
            );
        }
    }

    #[test]
    fn a_token_has_only_the_characters_of_rfc_6750() {
        for byte in 0..=u8::MAX {
            let named = byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
            assert_eq!(beside_b64token(byte) == 0, named, "{byte:#x}");
        }
    }

    #[test]
    fn debug_shows_only_the_scheme() {
        let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();

        assert_eq!(format!("{token:?}"), "AccessToken(JWT <redacted>)");
        assert_eq!(format!("{:?}", token.authorization()), "Sensitive");
    }

    #[test]
    fn a_clone_shares_the_buffer() {
        let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
        let clone = token.clone();

        assert_eq!(token.expose().as_ptr(), clone.expose().as_ptr());
    }

    #[test]
    fn the_parts_of_a_token_can_be_read() {
        let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();

        assert_eq!(token.token_type(), TokenType::Jwt);
        assert!(token.claims().is_err(), "b is no payload");
        assert_eq!(token.into_authorization(), "JWT a.b.c");
        assert!(AccessTokenError.advice().contains("the token alone"));
    }
}
