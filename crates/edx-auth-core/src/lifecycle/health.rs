//! A snapshot of the token's state.

use core::fmt;
use core::time::Duration;

use super::error::RenewalError;
use super::token::{Generation, TokenState};

/// A snapshot of the token's state, for logs and health checks. `Display` is one line:
/// `fresh, 51m left, generation 14, issued 14, rejected 0`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Health {
    /// The state of the cached token.
    pub token: TokenState,
    /// How much longer the cached token may be used.
    pub usable_for: Duration,
    /// The number of the cached token; `None` if there is none.
    pub generation: Option<Generation>,
    /// Whether a renewal is in progress.
    pub is_renewing: bool,
    /// How long no token is requested, and why.
    pub backoff: Option<(Duration, RenewalError)>,
    /// How many tokens were issued and accepted.
    pub issued: u64,
    /// How many attempts failed.
    pub failures: u64,
    /// How often an API rejected the cached token. Tokens within the skew grace are not counted.
    pub rejected: u64,
}

impl Health {
    /// Reports whether a caller gets a token without waiting. No token is requested before the
    /// first call, so a program that uses this for readiness must request a token when it starts.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        !self.usable_for.is_zero()
    }
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.token {
            TokenState::Empty => "empty",
            TokenState::Fresh => "fresh",
            TokenState::Due => "due",
            TokenState::Expired => "expired",
        })?;
        if self.is_ready() {
            write!(f, ", {} left", HumanDuration(self.usable_for))?;
        }
        if let Some(generation) = self.generation {
            write!(f, ", generation {generation}")?;
        }
        write!(f, ", issued {}, rejected {}", self.issued, self.rejected)?;
        if self.failures > 0 {
            write!(f, ", failures {}", self.failures)?;
        }
        if self.is_renewing {
            f.write_str(", renewing")?;
        }
        match &self.backoff {
            Some((wait, error)) => write!(f, ", retry in {}: {error}", HumanDuration(*wait)),
            None => Ok(()),
        }
    }
}

/// A duration in its largest whole unit.
struct HumanDuration(Duration);

impl fmt::Display for HumanDuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.as_secs() {
            0 => write!(f, "{}ms", self.0.as_millis()),
            seconds @ 1..60 => write!(f, "{seconds}s"),
            seconds @ 60..3600 => write!(f, "{}m", seconds / 60),
            seconds @ 3600..86_400 => write!(f, "{}h", seconds / 3600),
            seconds => write!(f, "{}d", seconds / 86_400),
        }
    }
}
