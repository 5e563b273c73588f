//! Every way in which an exchange can end without a token.

use thiserror::Error;

use super::TransportFailure;

/// What went wrong with a token exchange.
///
/// Each `Display` text completes a sentence that begins with the token endpoint.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The token endpoint denied these client credentials or this request. A retry changes nothing.
    #[error("denied the token request")]
    Denied,

    /// There were too many requests. Open edX counts them by IP address, for all clients together.
    /// A 403 without an OAuth error counts as this too, because older sites throttle with it; a
    /// firewall may have sent it as well.
    #[error("throttled the token request")]
    Throttled,

    /// The server or a gateway has a temporary problem: a 5xx, a timeout, a maintenance page.
    #[error("is temporarily unavailable")]
    Unavailable,

    /// The URL leads to a server, but not to a token endpoint: the server does not know this path, got
    /// plain http on its TLS port, or requires a client certificate.
    #[error("does not accept token requests")]
    WrongUrl,

    /// The response is a redirect. It was not followed, because that would send the client secret
    /// along.
    #[error("redirected the token request")]
    Redirected,

    /// The response is a success without a usable token.
    #[error("sent a response without a usable token: {0}")]
    Malformed(Defect),

    /// The token is of a type that was not requested.
    #[error("issued a token of an unexpected type")]
    UnexpectedTokenType,

    /// The token had already expired when it was issued. A site's configuration can cause this for all
    /// of its tokens.
    #[error("issued a token that had already expired")]
    NoLifetime,

    /// The token expires within two seconds. Some sites issue one token again and again until it
    /// expires, and another one after that.
    #[error("issued a token that is about to expire")]
    Expiring,

    /// No complete response arrived.
    #[error("{0}")]
    Transport(TransportFailure),
}

impl ErrorKind {
    /// Reports whether the same request may succeed later.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        match self {
            Self::Throttled | Self::Unavailable | Self::Expiring => true,
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

/// Why a successful response has no usable token.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Defect {
    /// The body is empty or whitespace.
    #[error("the body is empty")]
    Empty,

    /// The status is not a final one: 1xx, or outside HTTP's range.
    #[error("the HTTP status is unexpected")]
    Status,

    /// The body is compressed, although the request did not allow it.
    #[error("the body is compressed")]
    Compressed,

    /// The body is not JSON, or it is truncated.
    #[error("the body is not JSON")]
    NotJson,

    /// The body is JSON but not a token response: it is not an object, or a field has two values or
    /// another type.
    #[error("the JSON is not a token response")]
    WrongShape,

    /// `access_token` is missing or empty.
    #[error("the access_token is missing")]
    TokenMissing,

    /// The token contains characters that are not allowed in an `Authorization` header.
    #[error("the access_token contains characters that are not allowed in a token")]
    TokenCharacters,
}
