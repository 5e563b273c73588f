//! For how long one caller waits.

use core::error::Error;
use core::fmt;
use core::time::Duration;

use super::{Cause, Moment, Step};

/// One caller's patience, from the moment when it began to wait. The same for every driver.
///
/// It joins other callers' attempts and waits out pauses that end within it. A pause that lasts
/// longer, and a refusal that stays, end it at once: the caller learns why without waiting.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    until: Duration,
}

/// What a caller does about a step.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a driver has to handle every arm")]
#[must_use = "it says whether to wait"]
pub enum Waiting {
    /// There is nothing to wait for: the step itself says what to do.
    Done,
    /// Wait so long, or until an attempt has settled; then ask again.
    For(Duration),
    /// Leave without a token.
    GiveUp(NoToken),
}

/// A caller leaves without a token. Callers that waited together leave with the same cause.
#[derive(Clone, Debug)]
pub struct NoToken {
    cause: Option<Cause>,
    retry_after: Option<Duration>,
}

impl NoToken {
    /// Why there is none; `None` where nothing has come of the first attempt yet, and this caller
    /// would wait no longer.
    #[must_use]
    pub fn cause(&self) -> Option<&Cause> {
        self.cause.as_ref()
    }

    /// How long nobody asks for one, where that is known.
    #[must_use]
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }

    /// Whether there may be one later.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.cause.as_ref().is_none_or(Cause::is_retryable)
    }

    /// One sentence on what to do next, for a person who sees this for the first time.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match &self.cause {
            Some(cause) => cause.advice(),
            None => "Ask again, or wait longer: no answer has come yet.",
        }
    }
}

impl fmt::Display for NoToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Some(cause) => cause.fmt(f),
            None => f.write_str("there is no token yet, and the time to wait for one is over"),
        }
    }
}

impl Error for NoToken {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().and_then(Error::source)
    }
}

impl Patience {
    /// So much patience from now on.
    #[must_use]
    pub fn new(patience: Duration, now: Moment) -> Self {
        Self {
            until: now.monotonic.saturating_add(patience),
        }
    }

    /// What this caller does about a step that it was given.
    pub fn next(&self, step: &Step, now: Moment) -> Waiting {
        let left = self.until.saturating_sub(now.monotonic);
        match step {
            Step::Use(_) | Step::Renew(..) | Step::Fetch(_) => Waiting::Done,
            Step::Join { cause, .. } if left.is_zero() => Waiting::GiveUp(NoToken {
                cause: cause.clone(),
                retry_after: None,
            }),
            Step::Join { wait, .. } => Waiting::For(left.min(*wait)),
            Step::Pause { wait, cause } if *wait > left || !cause.is_retryable() => {
                Waiting::GiveUp(NoToken {
                    cause: Some(cause.clone()),
                    retry_after: Some(*wait),
                })
            }
            Step::Pause { wait, .. } => Waiting::For(*wait),
        }
    }
}
