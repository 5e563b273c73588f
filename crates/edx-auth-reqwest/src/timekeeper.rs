//! Whose timers end a request that takes too long.

use std::time::Instant;

use tokio::time::Instant as RuntimeInstant;

/// Whose timers keep the deadlines of a client's requests: to connect, to get a response, to read its body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Timekeeper {
    /// reqwest's, which are the timers of the runtime. They cost the least.
    Runtime,
    /// Those of this library, which measure real time under a paused clock too, and leave the timeouts that a
    /// program has set on its client as they are.
    Library,
}

impl Timekeeper {
    /// Returns the current runtime if its clock shows real time. A test can pause that clock, and then the
    /// runtime's timers complete at once.
    pub(crate) fn of_runtime() -> Self {
        let before = Instant::now();
        let shown = RuntimeInstant::now().into_std();
        if (before..=Instant::now()).contains(&shown) {
            Self::Runtime
        } else {
            Self::Library
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{self, Duration};

    use super::*;

    #[tokio::test]
    async fn a_running_clock_shows_real_time() {
        assert_eq!(Timekeeper::of_runtime(), Timekeeper::Runtime);
    }

    #[tokio::test(start_paused = true)]
    async fn a_paused_clock_does_not() {
        for _ in 0..100 {
            time::sleep(Duration::from_secs(1)).await;
            assert_eq!(Timekeeper::of_runtime(), Timekeeper::Library);
        }
    }

    #[tokio::test]
    async fn a_clock_may_be_paused_later() {
        assert_eq!(Timekeeper::of_runtime(), Timekeeper::Runtime);

        time::pause();

        assert_eq!(Timekeeper::of_runtime(), Timekeeper::Library);
    }
}
