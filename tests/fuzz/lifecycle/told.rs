//! What a lifecycle says, in words that it shares with its model.

use edx_auth_core::{
    ErrorKind, Event, Generation, Invalidation, RenewalError, RenewalReason, Step,
};

use crate::model::{Need, Time, duration, time};

/// A step.
#[derive(Debug, PartialEq)]
pub(crate) enum Next {
    Use { token: u64, usable_for: Time },
    Renew { token: u64, reason: RenewalReason },
    Fetch { reason: RenewalReason },
    Join { wait: Time, why: Option<Why> },
    Pause { wait: Time, why: Why },
}

/// An event.
#[derive(Debug, PartialEq)]
pub(crate) enum Told {
    Renewed {
        generation: u64,
        reason: RenewalReason,
        usable_for: Time,
    },
    Adopted {
        generation: u64,
        usable_for: Time,
    },
    NotAdopted,
    Failed {
        why: Why,
        reason: RenewalReason,
        pause: Time,
    },
    Stale,
    Owed(RenewalReason),
    Joined(RenewalReason),
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
    NoCredentials,
    Fixed,
    Rejected,
}

impl Why {
    pub(crate) fn passes(self) -> bool {
        !matches!(self, Self::Denied | Self::Fixed)
    }
}

impl From<&Step> for Next {
    fn from(step: &Step) -> Self {
        match step {
            Step::Use(token) => Self::Use {
                token: number(token.generation()),
                usable_for: time(token.usable_for()),
            },
            Step::Renew(token, attempt) => Self::Renew {
                token: number(token.generation()),
                reason: attempt.reason(),
            },
            Step::Fetch(attempt) => Self::Fetch {
                reason: attempt.reason(),
            },
            Step::Join { wait, cause } => Self::Join {
                wait: time(*wait),
                why: cause.as_ref().map(Why::from),
            },
            Step::Pause { wait, cause } => Self::Pause {
                wait: time(*wait),
                why: cause.into(),
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
            } => Self::Renewed {
                generation: number(*generation),
                reason: *reason,
                usable_for: time(*usable_for),
            },
            Event::Adopted {
                generation,
                usable_for,
            } => Self::Adopted {
                generation: number(*generation),
                usable_for: time(*usable_for),
            },
            Event::NotAdopted => Self::NotAdopted,
            Event::Failed {
                cause,
                reason,
                pause,
            } => Self::Failed {
                why: cause.into(),
                reason: *reason,
                pause: time(*pause),
            },
            Event::Stale => Self::Stale,
            Event::Owed(reason) => Self::Owed(*reason),
            Event::Joined(reason) => Self::Joined(*reason),
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
        }
    }
}

impl From<&RenewalError> for Why {
    fn from(cause: &RenewalError) -> Self {
        match cause {
            RenewalError::Exchange(error) => match error.kind() {
                ErrorKind::Throttled => Self::Throttled,
                ErrorKind::Unavailable => Self::Unavailable,
                _ => Self::Denied,
            },
            RenewalError::DeadOnArrival => Self::DeadOnArrival,
            RenewalError::Abandoned => Self::Abandoned,
            RenewalError::Credentials(_) => Self::NoCredentials,
            RenewalError::Fixed => Self::Fixed,
            RenewalError::Rejected => Self::Rejected,
            cause => panic!("{cause:?}"),
        }
    }
}

/// One need, in the words of the lifecycle and in those of its model.
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
