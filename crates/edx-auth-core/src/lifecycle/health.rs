//! How a lifecycle is doing, as data and on one line.

use core::fmt;
use core::time::Duration;

use super::{Generation, RenewalError, TokenState};

/// How a lifecycle is doing. `Display` is one line for a log:
/// `fresh, 51m left, generation 14, mints 14, refused 0`.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Health {
    /// Where the token stands in its life.
    pub token: TokenState,
    /// For how long it may still be used.
    pub usable_for: Duration,
    /// Which one it is.
    pub generation: Option<Generation>,
    /// Whether somebody is asking for a new one.
    pub is_asking: bool,
    /// How long nobody may ask, and why.
    pub pause: Option<(Duration, RenewalError)>,
    /// How many tokens were taken.
    pub mints: u64,
    /// How often an attempt brought none.
    pub failures: u64,
    /// How often the token at hand was refused by a server; young ones are not counted.
    pub refused: u64,
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
        write!(f, ", mints {}, refused {}", self.mints, self.refused)?;
        if self.failures > 0 {
            write!(f, ", failures {}", self.failures)?;
        }
        if self.is_asking {
            f.write_str(", asking")?;
        }
        match &self.pause {
            Some((wait, cause)) => write!(f, ", paused for {}: {cause}", Spoken(*wait)),
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
