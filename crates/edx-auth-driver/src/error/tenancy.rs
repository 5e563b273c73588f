//! What is wrong with the limits of a program for many tenants.

/// A limit that allows nothing, or is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TenancyError {
    /// The limit allows no token request.
    #[error("a limit of 0 token requests a minute allows none")]
    NoRequests,

    /// There is no room for a source.
    #[error("a capacity of 0 holds no token source")]
    NoCapacity,

    /// All sources that there is room for are in use.
    #[error("all {0} token sources are in use")]
    AllInUse(usize),
}

impl TenancyError {
    /// Returns what to do next, in a sentence or two.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::NoRequests => "Set at least one, such as half of what the site allows.",
            Self::NoCapacity => "Set at least as many as are in use at once.",
            Self::AllInUse(_) => {
                "Raise the capacity, or drop each source and its client after use."
            }
        }
    }

    /// Reports whether the same call may succeed later.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::AllInUse(_))
    }
}
