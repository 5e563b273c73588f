//! The scheme that a token is sent under.

use core::fmt;

/// How a token introduces itself in the `Authorization` header.
///
/// edX has a scheme of its own beside RFC 6750's: its APIs read `Authorization: JWT <token>`, and
/// take a JWT under `Bearer` for no token at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenType {
    /// `JWT`, edX's own scheme: a signed token that every API of a site can check.
    Jwt,
    /// `Bearer` ([RFC 6750](https://www.rfc-editor.org/rfc/rfc6750)): at edX an opaque token, good
    /// at the LMS alone.
    Bearer,
}

impl TokenType {
    /// The scheme as it is sent: `JWT` or `Bearer`.
    #[must_use]
    pub const fn scheme(self) -> &'static str {
        match self {
            Self::Jwt => "JWT",
            Self::Bearer => "Bearer",
        }
    }

    /// The type of this name, in whatever case a server writes it (RFC 6749 section 5.1).
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
