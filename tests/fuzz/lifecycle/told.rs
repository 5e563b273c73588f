//! What an agent says, in words that it shares with its model.

use edx_auth_core::{
    Acquire, ErrorCode, ErrorKind, Event, Generation, Invalidation, RenewalError, RenewalReason,
};

use crate::model::{Need, Time, duration, time};

/// What a caller is told to do.
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
pub(crate) enum Told {
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

/// A refusal.
#[derive(Debug, PartialEq)]
pub(crate) enum Answer {
    AlreadyReplaced,
    TooYoung { wait: Time },
    WillRenew { wait: Time },
}

/// A cause.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Why {
    Unavailable,
    Throttled,
    Denied,
    DeadOnArrival,
    Abandoned,
    BrokenOff,
    UnknownClient,
    Rejected,
}

impl Why {
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

impl From<&Event> for Told {
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

impl From<Invalidation> for Answer {
    fn from(refusal: Invalidation) -> Self {
        match refusal {
            Invalidation::AlreadyReplaced => Self::AlreadyReplaced,
            Invalidation::TooYoung { wait } => Self::TooYoung { wait: time(wait) },
            Invalidation::WillRenew { wait } => Self::WillRenew { wait: time(wait) },
            Invalidation::Fixed => panic!("no token is fixed here"),
        }
    }
}

impl From<&RenewalError> for Why {
    fn from(cause: &RenewalError) -> Self {
        match cause {
            RenewalError::Exchange(error) => match error.kind() {
                ErrorKind::Throttled => Self::Throttled,
                ErrorKind::Unavailable => Self::Unavailable,
                ErrorKind::Transport(_) => Self::BrokenOff,
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

/// One need, in the words of the agent and in those of its model.
pub(crate) fn needs(validity: Time, refused: Option<Generation>) -> (edx_auth_core::Need, Need) {
    let need = edx_auth_core::Need::any().valid_for(duration(validity));
    let need = refused.map_or(need, |refused| need.newer_than(refused));
    let refused = refused.map(number);
    (need, Need { validity, refused })
}

/// The first token of a life is number one.
pub(crate) fn number(generation: Generation) -> u64 {
    generation.to_string().parse().expect("a number")
}
