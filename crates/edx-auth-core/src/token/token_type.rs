//! The type of a token, which is its scheme in the `Authorization` header.

use core::fmt;

/// The type of a token, which is its scheme in the `Authorization` header.
///
/// edX's APIs expect `Authorization: JWT <token>`. They ignore a JWT that is sent as `Bearer`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenType {
    /// `JWT`, edX's own scheme: a signed token that every API of a site accepts.
    Jwt,
    /// `Bearer` ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)): at edX an opaque token that
    /// only the LMS accepts.
    Bearer,
}

impl TokenType {
    /// Returns the scheme: `JWT` or `Bearer`.
    #[must_use]
    pub const fn scheme(self) -> &'static str {
        match self {
            Self::Jwt => "JWT",
            Self::Bearer => "Bearer",
        }
    }

    /// Returns the type with this name, in upper or lower case (RFC 6749 section 5.1).
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let mut types = [Self::Jwt, Self::Bearer].into_iter();
        types.find(|known| known.scheme().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for TokenType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.scheme())
    }
}
