//! Why there is no token.

use alloc::sync::Arc;
use core::error::Error;
use core::fmt;
use core::time::Duration;

use crate::error::{ErrorCode, ErrorKind, ExchangeError};

/// Why the last attempt to get a token failed. Cheap to clone: all callers that wait for one attempt
/// get the same error.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenewalError {
    /// The last token request brought no token.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),

    /// The last token request took longer than its token's lifetime.
    #[error("the token had already expired when it arrived")]
    DeadOnArrival,

    /// The program has sent as many token requests to this host as it allows itself. No token was requested;
    /// this is the wait until it may.
    #[error("the program has reached its own limit of token requests to this host")]
    OverLimit(Duration),

    /// The last attempt ended without a result.
    #[error("the last attempt to get a token ended without a result")]
    Abandoned,

    /// The program could not provide its client credentials.
    #[error("the program could not provide its client credentials")]
    Credentials(#[source] Arc<dyn Error + Send + Sync>),

    /// The process that keeps the token fresh has provided none that may be used: the cause says what is
    /// there, if anything is.
    #[error("the process that keeps the token fresh has provided no usable token")]
    NotSupplied(#[source] Option<Arc<dyn Error + Send + Sync>>),

    /// The token is fixed, so there is no other.
    #[error("the token is fixed and cannot be renewed")]
    Fixed,

    /// APIs keep rejecting fresh tokens, so the next renewal waits for the rejection backoff.
    #[error("an API rejected the token, and the tokens before it")]
    Rejected,
}

/// Why a caller has no token. Callers that waited together get the same error.
#[derive(Clone, Debug)]
pub struct TokenError {
    error: Option<RenewalError>,
    retry_after: Option<Duration>,
}

impl RenewalError {
    /// Reports whether a later attempt may succeed.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Exchange(error) => error.is_retryable(),
            Self::DeadOnArrival
            | Self::OverLimit(_)
            | Self::Abandoned
            | Self::Credentials(_)
            | Self::NotSupplied(_)
            | Self::Rejected => true,
            Self::Fixed => false,
        }
    }

    /// Returns how long to wait before the next token request: what the server or the program's own limit asks
    /// for, or a minute if the server throttled the last one without a wait.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Exchange(error) => error.retry_after(),
            Self::OverLimit(wait) => Some(*wait),
            _ => None,
        }
    }

    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Exchange(error) => error.advice(),
            Self::DeadOnArrival => {
                "Look for what makes the token endpoint slow, or ask the site's operator for a \
                 longer token lifetime."
            }
            Self::OverLimit(_) => {
                "Try again after the time in `retry_after()`, or raise the limit if the site allows more. \
                 A token store saves token requests."
            }
            Self::Abandoned => "Look for a panic, or a limit on threads, in the program's own log.",
            Self::Credentials(_) => "Check where the program reads its client ID and secret from.",
            Self::NotSupplied(_) => {
                "Look at the process that keeps the token fresh: it should replace the token well before \
                 it expires."
            }
            Self::Fixed => "Hand in a newer token, or client credentials to get one with.",
            Self::Rejected => {
                "Check that this API belongs to the site that issued the token, and that the \
                 clocks of both agree."
            }
        }
    }

    /// Reports whether the token endpoint does not know these client credentials.
    pub(crate) fn is_invalid_client(&self) -> bool {
        match self {
            Self::Exchange(error) => error.oauth_code() == Some(&ErrorCode::InvalidClient),
            _ => false,
        }
    }

    /// Returns the wait that the server itself named, or the program's own limit.
    pub(super) fn asked_wait(&self) -> Option<Duration> {
        match self {
            Self::Exchange(error) => error.asked_wait(),
            Self::OverLimit(wait) => Some(*wait),
            _ => None,
        }
    }

    /// Returns which backoff applies.
    pub(super) fn class(&self) -> FailureClass {
        match self {
            Self::Exchange(error) if error.kind() == ErrorKind::Throttled => {
                FailureClass::Throttled
            }
            Self::OverLimit(_) => FailureClass::Throttled,
            _ if self.is_retryable() => FailureClass::Transient,
            _ => FailureClass::Permanent,
        }
    }
}

impl TokenError {
    /// Creates the error of a caller whose time passed before an attempt ended. `error` is why the last
    /// attempt failed, if one has ended.
    pub(super) fn timed_out(error: Option<RenewalError>) -> Self {
        Self {
            error,
            retry_after: None,
        }
    }

    /// Creates the error of a caller in a backoff: no token is requested before the wait ends.
    pub(crate) fn backing_off(error: RenewalError, wait: Duration) -> Self {
        Self {
            error: Some(error),
            retry_after: Some(wait),
        }
    }

    /// Creates the error of a fixed token that was rejected or has expired.
    pub(crate) fn fixed() -> Self {
        Self {
            error: Some(RenewalError::Fixed),
            retry_after: None,
        }
    }

    /// Returns why the last attempt failed; `None` if the first attempt has not ended yet.
    #[must_use]
    pub fn renewal_error(&self) -> Option<&RenewalError> {
        self.error.as_ref()
    }

    /// Returns how long no token is requested, where that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Reports whether a later call may get a token.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.error.as_ref().is_none_or(RenewalError::is_retryable)
    }

    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match &self.error {
            Some(error) => error.advice(),
            None => "Try again, or wait longer: the token endpoint has not responded yet.",
        }
    }
}

/// The error of a caller that learns of a failed attempt from an [`Event`](crate::Event).
impl From<RenewalError> for TokenError {
    fn from(error: RenewalError) -> Self {
        let retry_after = error.retry_after();
        Self {
            error: Some(error),
            retry_after,
        }
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.error {
            Some(error) => error.fmt(f),
            None => f.write_str("timed out while waiting for a token"),
        }
    }
}

impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.as_ref().and_then(Error::source)
    }
}

/// The three classes of failed attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FailureClass {
    /// It passes by itself.
    Transient,
    /// It passes after the wait that the server named, or after the policy's.
    Throttled,
    /// It stays until the program or the site changes.
    Permanent,
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString as _;

    use http::Response;

    use super::*;
    use crate::exchange::{ClientCredentials, TokenEndpoint, TokenRequest};

    /// Returns the error of an exchange with this response.
    fn responded(status: u16, retry_after: Option<&str>) -> RenewalError {
        let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
        let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();
        let mut response = Response::builder().status(status);
        if let Some(wait) = retry_after {
            response = response.header("retry-after", wait);
        }
        let response = response.body(&[][..]).unwrap();
        exchange.finish(response).unwrap_err().into()
    }

    fn credentials() -> RenewalError {
        let error = crate::Scope::new("").unwrap_err();
        RenewalError::Credentials(Arc::new(error))
    }

    #[test]
    fn an_error_of_a_caller_says_why_there_is_no_token() {
        let known = TokenError::from(RenewalError::Abandoned);
        let unknown = TokenError::timed_out(None);

        assert_eq!(known.to_string(), RenewalError::Abandoned.to_string());
        assert_eq!(unknown.to_string(), "timed out while waiting for a token");
    }

    #[test]
    fn every_error_has_its_class() {
        for (error, class) in [
            (responded(503, None), FailureClass::Transient),
            (responded(429, None), FailureClass::Throttled),
            (responded(401, None), FailureClass::Permanent),
            (RenewalError::DeadOnArrival, FailureClass::Transient),
            (
                RenewalError::OverLimit(Duration::ZERO),
                FailureClass::Throttled,
            ),
            (RenewalError::Abandoned, FailureClass::Transient),
            (credentials(), FailureClass::Transient),
            (RenewalError::Rejected, FailureClass::Transient),
            (RenewalError::NotSupplied(None), FailureClass::Transient),
            (RenewalError::Fixed, FailureClass::Permanent),
        ] {
            assert_eq!(error.class(), class, "{error}");
            assert_eq!(
                error.is_retryable(),
                class != FailureClass::Permanent,
                "{error}"
            );
        }
    }

    #[test]
    fn a_wait_comes_from_the_server_or_is_a_minute() {
        let waits = |error: RenewalError| (error.asked_wait(), error.retry_after());
        let (seven, minute) = (Duration::from_secs(7), Duration::from_secs(60));

        assert_eq!(waits(responded(503, Some("7"))), (Some(seven), Some(seven)));
        assert_eq!(waits(responded(429, None)), (None, Some(minute)));
        assert_eq!(
            waits(RenewalError::OverLimit(seven)),
            (Some(seven), Some(seven))
        );
        assert_eq!(waits(responded(503, None)), (None, None));
        assert_eq!(waits(RenewalError::Abandoned), (None, None));
    }

    #[test]
    fn every_error_says_what_to_do() {
        for (error, advice) in [
            (responded(503, None), "Try again later"),
            (RenewalError::DeadOnArrival, "a longer token life"),
            (RenewalError::OverLimit(Duration::ZERO), "raise the limit"),
            (RenewalError::Abandoned, "Look for a panic"),
            (credentials(), "reads its client ID and secret from"),
            (RenewalError::NotSupplied(None), "the process that keeps"),
            (RenewalError::Fixed, "Hand in a newer token"),
            (RenewalError::Rejected, "clocks of both agree"),
        ] {
            let said = error.advice();
            assert!(said.contains(advice), "{error}: {said}");
            assert_eq!(TokenError::from(error).advice(), said);
        }
    }
}
