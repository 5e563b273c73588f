//! The `error` field of an OAuth error object.

use core::fmt;

use super::ServerText;

/// What an OAuth server says is wrong, in its own word.
///
/// [RFC 6749 section 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2), and two codes of
/// section 4.1.2.1 that servers also send from the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorCode {
    /// `invalid_request`: a parameter is missing, repeated or malformed.
    InvalidRequest,
    /// `invalid_client`: no such client, or not its secret. Open edX tells neither from the other.
    InvalidClient,
    /// `invalid_grant`: the grant is wrong or has expired.
    InvalidGrant,
    /// `unauthorized_client`: the client is registered for another grant.
    UnauthorizedClient,
    /// `unsupported_grant_type`: the server does not know the grant, or saw none.
    UnsupportedGrantType,
    /// `invalid_scope`: a scope that this client may not ask for.
    InvalidScope,
    /// `server_error`: what a 500 would say.
    ServerError,
    /// `temporarily_unavailable`: what a 503 would say.
    TemporarilyUnavailable,
    /// Any other word, as the server wrote it: at most 256 characters, control characters escaped.
    Other(ServerText),
}

impl ErrorCode {
    /// The code of this word, if the standard names it.
    pub(crate) fn named(word: &str) -> Option<Self> {
        NAMED.into_iter().find(|code| code.as_str() == word)
    }

    /// The word on the wire.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::InvalidClient => "invalid_client",
            Self::InvalidGrant => "invalid_grant",
            Self::UnauthorizedClient => "unauthorized_client",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::InvalidScope => "invalid_scope",
            Self::ServerError => "server_error",
            Self::TemporarilyUnavailable => "temporarily_unavailable",
            Self::Other(text) => text.as_str(),
        }
    }

    /// Whether the word means trouble of the server's own, which passes.
    pub(crate) fn is_passing(&self) -> bool {
        matches!(self, Self::ServerError | Self::TemporarilyUnavailable)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Every code that the standard names.
const NAMED: [ErrorCode; 8] = [
    ErrorCode::InvalidRequest,
    ErrorCode::InvalidClient,
    ErrorCode::InvalidGrant,
    ErrorCode::UnauthorizedClient,
    ErrorCode::UnsupportedGrantType,
    ErrorCode::InvalidScope,
    ErrorCode::ServerError,
    ErrorCode::TemporarilyUnavailable,
];
