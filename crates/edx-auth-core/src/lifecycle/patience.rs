//! For how long one caller waits.

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
    GiveUp {
        /// Why there is none, where that is known.
        cause: Option<Cause>,
        /// How long nobody asks, where that is known.
        retry_after: Option<Duration>,
    },
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
            Step::Join { cause, .. } if left.is_zero() => Waiting::GiveUp {
                cause: cause.clone(),
                retry_after: None,
            },
            Step::Join { wait, .. } => Waiting::For(left.min(*wait)),
            Step::Pause { wait, cause } if *wait > left || !cause.is_retryable() => {
                Waiting::GiveUp {
                    cause: Some(cause.clone()),
                    retry_after: Some(*wait),
                }
            }
            Step::Pause { wait, .. } => Waiting::For(*wait),
        }
    }
}
