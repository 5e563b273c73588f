//! How a lifecycle is doing, as data and on one line.

use core::fmt;
use core::time::Duration;

use super::error::RenewalError;
use super::token::{Generation, TokenState};

/// How a lifecycle is doing. `Display` is one line for a log:
/// `fresh, 51m left, generation 14, issued 14, rejected 0`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Health {
    /// Where the token stands in its life.
    pub token: TokenState,
    /// For how long it may still be used.
    pub usable_for: Duration,
    /// Which one it is.
    pub generation: Option<Generation>,
    /// Whether a renewal is in progress.
    pub is_renewing: bool,
    /// How long no token may be requested, and why.
    pub backoff: Option<(Duration, RenewalError)>,
    /// How many tokens were issued and accepted.
    pub issued: u64,
    /// How many attempts failed.
    pub failures: u64,
    /// How often an API rejected the cached token. Tokens within the skew grace are not counted.
    pub rejected: u64,
}

impl Health {
    /// Whether a caller gets a token at once. Nothing is asked for before somebody asks: a program
    /// whose readiness hangs on this asks once when it starts.
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
            write!(f, ", {} left", Spoken(self.usable_for))?;
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
            Some((wait, cause)) => write!(f, ", retry in {}: {cause}", Spoken(*wait)),
            None => Ok(()),
        }
    }
}

/// A stretch of time in its largest whole unit.
struct Spoken(Duration);

impl fmt::Display for Spoken {
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
