//! Which of all the tokens of one lifecycle.

use core::fmt;

/// The number of a token within its lifecycle: the first is 1, and each next one is larger.
///
/// Whoever reports a refused token names its generation, so that a late report about an old token
/// never takes away the new one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Generation(u64);

impl Generation {
    /// Before the first token.
    pub(super) const ZERO: Self = Self(0);

    pub(super) fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}
