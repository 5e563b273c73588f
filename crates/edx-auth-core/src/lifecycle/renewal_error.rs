//! Why there is no token right now.

use alloc::sync::Arc;
use core::error::Error;
use core::time::Duration;

use crate::error::{ErrorKind, ExchangeError};

/// Why there is no token right now. Cheap to clone: all callers that waited for one attempt get it.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RenewalError {
    /// The last exchange brought no token.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),

    /// The last exchange took so long that its token could no longer be used when it came.
    #[error("the token arrived when its life was over")]
    DeadOnArrival,

    /// The last attempt was given up by the program itself.
    #[error("the last attempt to get a token was given up")]
    Abandoned,

    /// The program could not say who it is.
    #[error("the credentials could not be had: {0}")]
    Credentials(Arc<dyn Error + Send + Sync>),

    /// The token was handed in as it is, so there is no other.
    #[error("this token was handed in as it is, and cannot be renewed")]
    Fixed,

    /// APIs keep rejecting fresh tokens, so the next renewal is delayed.
    #[error("the token was rejected, and so were those before it")]
    Rejected,
}

impl RenewalError {
    /// Whether waiting may help.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Exchange(error) => error.is_retryable(),
            Self::DeadOnArrival | Self::Abandoned | Self::Credentials(_) | Self::Rejected => true,
            Self::Fixed => false,
        }
    }

    /// How long the server asks to be left alone.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Exchange(error) => error.retry_after(),
            _ => None,
        }
    }

    /// One sentence on what to do next, for a person who sees this for the first time.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Exchange(error) => error.advice(),
            Self::DeadOnArrival => {
                "Look for what makes the token endpoint slow, or ask whoever runs the site for a \
                 longer token life."
            }
            Self::Abandoned => "Look for a panic, or a limit on threads, in the program's own log.",
            Self::Credentials(_) => {
                "Look at where the program takes its client id and secret from."
            }
            Self::Fixed => "Hand in a newer token, or credentials to get one with.",
            Self::Rejected => {
                "Check that this API belongs to the site that issued the token, and that the \
                 clocks of both agree."
            }
        }
    }

    /// How long the server itself asked to be left alone.
    pub(super) fn asked_wait(&self) -> Option<Duration> {
        match self {
            Self::Exchange(error) => error.asked_wait(),
            _ => None,
        }
    }

    /// How the next attempt is to be put off.
    pub(super) fn temper(&self) -> Temper {
        match self {
            Self::Exchange(error) if error.kind() == ErrorKind::Throttled => Temper::Throttled,
            _ if self.is_retryable() => Temper::Transient,
            _ => Temper::Permanent,
        }
    }
}

/// The three kinds of failed attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Temper {
    /// It passes by itself.
    Transient,
    /// It passes, and the server said or is known to say when.
    Throttled,
    /// It stays until somebody changes something.
    Permanent,
}

#[cfg(test)]
mod tests {
    use http::Response;

    use super::*;
    use crate::exchange::{ClientCredentials, TokenEndpoint, TokenRequest};

    /// The cause that an exchange with this reply leaves behind.
    fn replied(status: u16, retry_after: Option<&str>) -> RenewalError {
        let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
        let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();
        let mut reply = Response::builder().status(status);
        if let Some(wait) = retry_after {
            reply = reply.header("retry-after", wait);
        }
        let reply = reply.body(&[][..]).unwrap();
        exchange.finish(reply).unwrap_err().into()
    }

    fn credentials() -> RenewalError {
        let error = crate::Scope::new("").unwrap_err();
        RenewalError::Credentials(Arc::new(error))
    }

    #[test]
    fn every_cause_has_its_temper() {
        for (cause, temper) in [
            (replied(503, None), Temper::Transient),
            (replied(429, None), Temper::Throttled),
            (replied(401, None), Temper::Permanent),
            (RenewalError::DeadOnArrival, Temper::Transient),
            (RenewalError::Abandoned, Temper::Transient),
            (credentials(), Temper::Transient),
            (RenewalError::Rejected, Temper::Transient),
            (RenewalError::Fixed, Temper::Permanent),
        ] {
            assert_eq!(cause.temper(), temper, "{cause}");
            assert_eq!(cause.is_retryable(), temper != Temper::Permanent, "{cause}");
        }
    }

    #[test]
    fn a_wait_is_the_servers_own_or_the_minute_that_it_is_known_for() {
        let waits = |cause: RenewalError| (cause.asked_wait(), cause.retry_after());
        let (seven, minute) = (Duration::from_secs(7), Duration::from_secs(60));

        assert_eq!(waits(replied(503, Some("7"))), (Some(seven), Some(seven)));
        assert_eq!(waits(replied(429, None)), (None, Some(minute)));
        assert_eq!(waits(replied(503, None)), (None, None));
        assert_eq!(waits(RenewalError::Abandoned), (None, None));
    }

    #[test]
    fn every_cause_says_what_to_do() {
        for (cause, advice) in [
            (replied(503, None), "Try again in a minute"),
            (RenewalError::DeadOnArrival, "a longer token life"),
            (RenewalError::Abandoned, "Look for a panic"),
            (credentials(), "takes its client id and secret from"),
            (RenewalError::Fixed, "Hand in a newer token"),
            (RenewalError::Rejected, "clocks of both agree"),
        ] {
            assert!(
                cause.advice().contains(advice),
                "{cause}: {}",
                cause.advice()
            );
        }
    }
}
