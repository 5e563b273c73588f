//! The taxonomy: every way an exchange can end without a token.

use thiserror::Error;

use super::TransportFailure;

/// What went wrong with a token exchange, named by who is at fault.
///
/// The words of each kind complete a sentence that begins with the token endpoint.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The server's verdict on these credentials or this request. Asking again changes nothing.
    #[error("refused the token request")]
    Denied,

    /// Too many requests. Open edX counts them by IP address, whoever asks.
    #[error("is limiting token requests")]
    Throttled,

    /// A server or a gateway in trouble: 5xx, a time-out, a maintenance page.
    #[error("could not answer the token request")]
    Unavailable,

    /// Something answered there, but it does not issue tokens.
    #[error("is not a token endpoint")]
    WrongUrl,

    /// The endpoint answered with a redirect, which was not followed: it would have carried the
    /// secret along.
    #[error("redirects token requests elsewhere")]
    Redirected,

    /// A success that holds no usable token.
    #[error("sent a reply that holds no token: {0}")]
    Malformed(Defect),

    /// A token of another type than the one that was asked for.
    #[error("issued a token of a type that was not asked for")]
    UnexpectedTokenType,

    /// A token whose life is over before it can be used.
    #[error("issued a token without any life left")]
    NoLifetime,

    /// No complete reply arrived.
    #[error("{0}")]
    Transport(TransportFailure),
}

impl ErrorKind {
    /// Whether the very same request may succeed later.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        match self {
            Self::Throttled | Self::Unavailable => true,
            Self::Transport(failure) => failure.is_retryable(),
            Self::Denied
            | Self::WrongUrl
            | Self::Redirected
            | Self::Malformed(_)
            | Self::UnexpectedTokenType
            | Self::NoLifetime => false,
        }
    }
}

/// Why a successful reply holds no usable token.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Defect {
    /// Nothing but white space.
    #[error("it is empty")]
    Empty,

    /// A status that ends no exchange: 1xx, or none that HTTP knows.
    #[error("its status ends no exchange")]
    Status,

    /// Compressed, though the plain body was asked for.
    #[error("it is compressed")]
    Compressed,

    /// Not JSON, or cut off in the middle of it.
    #[error("it is not JSON")]
    NotJson,

    /// JSON, but no token reply: not an object, a field twice or of another type.
    #[error("it is JSON of another shape")]
    WrongShape,

    /// No `access_token`, or an empty one.
    #[error("it has no access_token")]
    TokenMissing,

    /// A token with characters that cannot stand in an `Authorization` header.
    #[error("its access_token has characters that no header can carry")]
    TokenCharacters,
}
