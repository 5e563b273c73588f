//! How long one caller waits.

use core::error::Error;
use core::fmt;
use core::time::Duration;

use super::{Moment, RenewalError, Step};

/// How long one caller waits for a token, counted from the moment it began to wait.
///
/// The caller joins other callers' attempts and waits out backoffs that end within the budget. If a
/// backoff lasts longer, or waiting does not help, the caller gets the reason without waiting.
#[derive(Clone, Copy, Debug)]
pub struct WaitBudget {
    until: Duration,
}

/// What a caller does after a step.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_enums, reason = "a driver has to handle every arm")]
#[must_use = "it says whether to wait"]
pub enum WaitDecision {
    /// There is nothing to wait for: the step itself says what to do.
    Proceed,
    /// Wait for at most this long, or until an attempt has settled; then ask again.
    Wait(Duration),
    /// Leave without a token.
    GiveUp(TokenError),
}

/// Why a caller has no token. Callers that waited together get the same cause.
#[derive(Clone, Debug)]
pub struct TokenError {
    cause: Option<RenewalError>,
    retry_after: Option<Duration>,
}

impl TokenError {
    /// Why there is none; `None` where nothing has come of the first attempt yet, and this caller
    /// would wait no longer.
    #[must_use]
    pub fn cause(&self) -> Option<&RenewalError> {
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
        self.cause.as_ref().is_none_or(RenewalError::is_retryable)
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

impl fmt::Display for TokenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.cause {
            Some(cause) => cause.fmt(f),
            None => f.write_str("there is no token yet, and the time to wait for one is over"),
        }
    }
}

impl Error for TokenError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().and_then(Error::source)
    }
}

impl WaitBudget {
    /// Creates a budget that starts now and lasts for this timeout.
    #[must_use]
    pub fn new(timeout: Duration, now: Moment) -> Self {
        Self {
            until: now.monotonic.saturating_add(timeout),
        }
    }

    /// Decides what this caller does after the step that it was given.
    pub fn next(&self, step: &Step, now: Moment) -> WaitDecision {
        let left = self.until.saturating_sub(now.monotonic);
        match step {
            Step::Use(_) | Step::Renew(..) | Step::Fetch(_) => WaitDecision::Proceed,
            Step::Join { cause, .. } if left.is_zero() => WaitDecision::GiveUp(TokenError {
                cause: cause.clone(),
                retry_after: None,
            }),
            Step::Join { wait, .. } => WaitDecision::Wait(left.min(*wait)),
            Step::Pause { wait, cause } if *wait > left || !cause.is_retryable() => {
                WaitDecision::GiveUp(TokenError {
                    cause: Some(cause.clone()),
                    retry_after: Some(*wait),
                })
            }
            Step::Pause { wait, .. } => WaitDecision::Wait(*wait),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(
        clippy::unchecked_time_subtraction,
        reason = "the moment just before a deadline, which is a constant"
    )]

    use alloc::string::ToString;
    use alloc::sync::Arc;

    use super::*;
    use crate::lifecycle::{RenewalPolicy, TokenLifecycle};

    const MILLI: Duration = Duration::from_millis(1);
    const BUDGET: Duration = Duration::from_secs(25);

    fn after(passed: Duration) -> Moment {
        Moment {
            monotonic: passed,
            wall: Duration::ZERO,
        }
    }

    /// What a caller does who has waited so long.
    fn next(step: &Step, waited: Duration) -> WaitDecision {
        let began = after(Duration::from_secs(100));
        let now = after(began.monotonic + waited);
        WaitBudget::new(BUDGET, began).next(step, now)
    }

    fn join(wait: Duration) -> Step {
        let cause = Some(RenewalError::Abandoned);
        Step::Join { wait, cause }
    }

    fn pause(wait: Duration, cause: RenewalError) -> Step {
        Step::Pause { wait, cause }
    }

    fn wait_of(decision: &WaitDecision) -> Option<Duration> {
        match decision {
            WaitDecision::Wait(wait) => Some(*wait),
            WaitDecision::Proceed | WaitDecision::GiveUp(_) => None,
        }
    }

    fn without(decision: WaitDecision) -> TokenError {
        match decision {
            WaitDecision::GiveUp(no_token) => no_token,
            other => panic!("this caller stays: {other:?}"),
        }
    }

    #[test]
    fn another_attempt_is_joined_until_the_budget_is_spent() {
        let long = join(BUDGET * 2);

        assert_eq!(wait_of(&next(&join(MILLI), MILLI)), Some(MILLI));
        assert_eq!(wait_of(&next(&long, Duration::ZERO)), Some(BUDGET));
        assert_eq!(wait_of(&next(&long, BUDGET - MILLI)), Some(MILLI));
        let left = without(next(&long, BUDGET));
        assert!(matches!(left.cause(), Some(RenewalError::Abandoned)));
        assert_eq!(left.retry_after(), None);
    }

    #[test]
    fn a_pause_is_waited_out_where_it_ends_within_the_budget() {
        let paused = |wait| pause(wait, RenewalError::Abandoned);

        for wait in [MILLI, BUDGET - MILLI, BUDGET] {
            assert_eq!(wait_of(&next(&paused(wait), Duration::ZERO)), Some(wait));
        }
        let left = without(next(&paused(BUDGET + MILLI), Duration::ZERO));
        assert_eq!(left.retry_after(), Some(BUDGET + MILLI));
        assert!(left.is_retryable());
    }

    #[test]
    fn who_is_elected_waits_for_nothing() {
        let mut lifecycle = TokenLifecycle::new(RenewalPolicy::default());
        let step = lifecycle.step(after(BUDGET));

        assert!(matches!(next(&step, Duration::ZERO), WaitDecision::Proceed));
    }

    #[test]
    fn a_refusal_that_stays_is_waited_out_by_nobody() {
        let left = without(next(&pause(MILLI, RenewalError::Fixed), Duration::ZERO));

        assert!(!left.is_retryable());
        assert_eq!(left.retry_after(), Some(MILLI));
    }

    #[test]
    fn who_leaves_says_why_as_far_as_it_is_known() {
        let fault = crate::ClientName::new("").unwrap_err();
        let cause = RenewalError::Credentials(Arc::new(fault));
        let known = TokenError {
            cause: Some(cause.clone()),
            retry_after: None,
        };
        let unknown = TokenError {
            cause: None,
            retry_after: None,
        };

        assert_eq!(known.to_string(), cause.to_string());
        assert_eq!(known.advice(), cause.advice());
        assert!(unknown.to_string().contains("no token yet"));
        assert!(unknown.advice().starts_with("Ask again"));
        assert!(unknown.is_retryable());
        assert!(unknown.source().is_none());
    }

    #[test]
    fn what_lies_beneath_is_that_of_the_cause() {
        use crate::error::TransportFailure;
        use crate::exchange::{ClientCredentials, TokenEndpoint, TokenRequest};

        let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
        let (_, exchange) = TokenRequest::new(TokenEndpoint::edx(), credentials).begin();
        let error = exchange.fail(TransportFailure::NotSent);
        let error = error.with_cause(TransportFailure::TimedOut);

        let left = TokenError {
            cause: Some(error.into()),
            retry_after: None,
        };

        let beneath = left.source().map(ToString::to_string);
        assert_eq!(beneath.as_deref(), Some("did not answer in time"));
    }
}
