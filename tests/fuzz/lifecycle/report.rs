//! The results of an agent and of its model, in types that can be compared.

use edx_auth_core::{
    Acquire, ErrorCode, ErrorKind, Event, Generation, Invalidation, RenewalError, RenewalReason,
};

use crate::model::{Need, Time, duration, time};

/// The next step of a caller.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    Ready {
        token: u64,
        usable_for: Time,
    },
    Wait(Time),
    Failed {
        why: Option<Why>,
        wait: Option<Time>,
    },
}

/// An event.
#[derive(Debug, PartialEq)]
pub(crate) enum Report {
    Renewed {
        generation: u64,
        reason: RenewalReason,
        usable_for: Time,
    },
    Restored {
        generation: u64,
        usable_for: Time,
    },
    NotRestored,
    Failed {
        why: Why,
        reason: RenewalReason,
        pause: Time,
    },
    Stale,
    CredentialsChanged,
}

/// The result of a rejection.
#[derive(Debug, PartialEq)]
pub(crate) enum Rejected {
    AlreadyReplaced,
    TooYoung { wait: Time },
    WillRenew { wait: Time },
}

/// The cause of a failure.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Why {
    Unavailable,
    Throttled,
    Denied,
    DeadOnArrival,
    Abandoned,
    Disconnected,
    UnknownClient,
    Rejected,
}

impl Why {
    /// Returns whether waiting may cure the failure.
    pub(crate) fn passes(self) -> bool {
        !matches!(self, Self::Denied | Self::UnknownClient)
    }
}

impl From<&Acquire> for Next {
    fn from(step: &Acquire) -> Self {
        match step {
            Acquire::Ready(token) => Self::Ready {
                token: number(token.generation()),
                usable_for: time(token.usable_for()),
            },
            Acquire::Wait(wait) => Self::Wait(time(*wait)),
            Acquire::Failed(error) => Self::Failed {
                why: error.renewal_error().map(Why::from),
                wait: error.retry_after().map(time),
            },
        }
    }
}

impl From<&Event> for Report {
    fn from(event: &Event) -> Self {
        match event {
            Event::Renewed {
                generation,
                reason,
                usable_for,
                ..
            } => Self::Renewed {
                generation: number(*generation),
                reason: *reason,
                usable_for: time(*usable_for),
            },
            Event::Restored {
                generation,
                usable_for,
                ..
            } => Self::Restored {
                generation: number(*generation),
                usable_for: time(*usable_for),
            },
            Event::NotRestored => Self::NotRestored,
            Event::Failed {
                error,
                reason,
                backoff,
                ..
            } => Self::Failed {
                why: error.into(),
                reason: *reason,
                pause: time(*backoff),
            },
            Event::Stale => Self::Stale,
            Event::CredentialsChanged => Self::CredentialsChanged,
            event => panic!("{event:?}"),
        }
    }
}

impl From<Invalidation> for Rejected {
    fn from(rejection: Invalidation) -> Self {
        match rejection {
            Invalidation::AlreadyReplaced => Self::AlreadyReplaced,
            Invalidation::TooYoung { wait } => Self::TooYoung { wait: time(wait) },
            Invalidation::WillRenew { wait } => Self::WillRenew { wait: time(wait) },
            Invalidation::Fixed => panic!("the token is not fixed"),
        }
    }
}

impl From<&RenewalError> for Why {
    fn from(cause: &RenewalError) -> Self {
        match cause {
            RenewalError::Exchange(error) => match error.kind() {
                ErrorKind::Throttled => Self::Throttled,
                ErrorKind::Unavailable => Self::Unavailable,
                ErrorKind::Transport(_) => Self::Disconnected,
                _ if error.oauth_code() == Some(&ErrorCode::InvalidClient) => Self::UnknownClient,
                _ => Self::Denied,
            },
            RenewalError::DeadOnArrival => Self::DeadOnArrival,
            RenewalError::Abandoned => Self::Abandoned,
            RenewalError::Rejected => Self::Rejected,
            cause => panic!("{cause:?}"),
        }
    }
}

/// Returns the same need twice, for the agent and for its model.
pub(crate) fn needs(validity: Time, rejected: Option<Generation>) -> (edx_auth_core::Need, Need) {
    let need = edx_auth_core::Need::any().valid_for(duration(validity));
    let need = rejected.map_or(need, |rejected| need.newer_than(rejected));
    let rejected = rejected.map(number);
    (need, Need { validity, rejected })
}

/// Returns the number of a generation: the first token's is 1.
pub(crate) fn number(generation: Generation) -> u64 {
    generation.to_string().parse().expect("a number")
}
