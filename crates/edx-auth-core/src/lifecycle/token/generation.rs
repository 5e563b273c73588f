//! Identifies one token of an agent.

use core::fmt;

use serde::Serialize;

/// The number of a token within its agent: the first is 1, and each later one is larger.
///
/// A rejected token is reported by its generation, so that a late report about an old token does
/// not affect the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Generation(u64);

impl Generation {
    /// Before the first token.
    pub(crate) const ZERO: Self = Self(0);

    /// The first token.
    pub(crate) const FIRST: Self = Self(1);

    pub(crate) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
