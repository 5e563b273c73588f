use std::time::Duration;

use super::playback::Progress;
use super::stop::Stop;

/// What a play waits for before it begins.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Wait {
    for_release: bool,
    then_for: Duration,
}

impl Wait {
    pub(crate) const FOR_RELEASE: Self = Self {
        for_release: true,
        then_for: Duration::ZERO,
    };

    pub(crate) fn lasting(then_for: Duration) -> Self {
        Self {
            for_release: false,
            then_for,
        }
    }

    /// What both wait for.
    pub(crate) fn and(self, other: Self) -> Self {
        Self {
            for_release: self.for_release || other.for_release,
            then_for: self.then_for.saturating_add(other.then_for),
        }
    }

    /// Waits; says whether the server is dropped before the play may begin.
    pub(crate) fn is_cut_short(self, progress: &Progress, stop: &Stop) -> bool {
        if self.for_release && stop.is_called_before(|| progress.is_released()) {
            return true;
        }
        !self.then_for.is_zero() && stop.is_called_within(self.then_for)
    }
}
