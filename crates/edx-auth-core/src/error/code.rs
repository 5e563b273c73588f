//! The `error` field of an OAuth error object.

use core::fmt;

use super::ServerText;

/// The error code that an OAuth server sent.
///
/// The named codes are those of [RFC 6749 section
/// 5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2), and two of section 4.1.2.1 that servers also
/// send from the token endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorCode {
    /// `invalid_request`: a parameter is missing, repeated or malformed.
    InvalidRequest,
    /// `invalid_client`: the client ID is unknown or the client secret is wrong. Open edX sends the
    /// same code for both.
    InvalidClient,
    /// `invalid_grant`: the grant is wrong or has expired.
    InvalidGrant,
    /// `unauthorized_client`: the client is registered for another grant type.
    UnauthorizedClient,
    /// `unsupported_grant_type`: the server does not support the grant type, or found none in the
    /// request.
    UnsupportedGrantType,
    /// `invalid_scope`: this client may not request the scope.
    InvalidScope,
    /// `server_error`: the equivalent of status 500.
    ServerError,
    /// `temporarily_unavailable`: the equivalent of status 503.
    TemporarilyUnavailable,
    /// Any other code, as the server wrote it: at most 256 characters, control characters escaped.
    Other(ServerText),
}

impl ErrorCode {
    /// Returns the code of this name, if the standard defines it.
    pub(crate) fn named(name: &str) -> Option<Self> {
        NAMED.into_iter().find(|code| code.as_str() == name)
    }

    /// Returns the code as the server sends it.
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

    /// Reports whether the code means a temporary problem of the server.
    pub(crate) fn is_temporary(&self) -> bool {
        matches!(self, Self::ServerError | Self::TemporarilyUnavailable)
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Every code of RFC 6749 section 5.2, and two of section 4.1.2.1 that token endpoints send.
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
