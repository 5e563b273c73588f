//! Why a caller has to wait, or goes without.

use alloc::sync::Arc;
use core::error::Error;
use core::time::Duration;

use crate::error::{ErrorKind, ExchangeError};

/// Why there is no token right now. Cheap to clone: everybody who waits for one attempt has it.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Cause {
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

    /// Servers keep refusing fresh tokens, so the next one waits for its turn.
    #[error("the token was refused, and so were those before it")]
    Refused,
}

impl Cause {
    /// Whether waiting may help.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        match self {
            Self::Exchange(error) => error.is_retryable(),
            Self::DeadOnArrival | Self::Abandoned | Self::Credentials(_) | Self::Refused => true,
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
            Self::Refused => {
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
