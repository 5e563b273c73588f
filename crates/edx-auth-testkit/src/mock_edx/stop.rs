use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Tells every thread of a server that it is being dropped, and wakes those that pause.
#[derive(Debug, Default)]
pub(crate) struct Stop {
    called: Mutex<bool>,
    bell: Condvar,
}

impl Stop {
    pub(crate) fn call(&self) {
        *self.called.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.bell.notify_all();
    }

    pub(crate) fn is_called(&self) -> bool {
        *self.called.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for `pause`, or until the stop is called; says whether it is.
    pub(crate) fn is_called_within(&self, pause: Duration) -> bool {
        let called = self.called.lock().unwrap_or_else(PoisonError::into_inner);
        let (called, _) = self
            .bell
            .wait_timeout_while(called, pause, |called| !*called)
            .unwrap_or_else(PoisonError::into_inner);
        *called
    }

    /// Waits for something that rings no bell of its own, or until the stop is called; says whether
    /// it is.
    pub(crate) fn is_called_before(&self, has_happened: impl Fn() -> bool) -> bool {
        while !has_happened() {
            if self.is_called_within(GLANCE) {
                return true;
            }
        }
        false
    }
}

const GLANCE: Duration = Duration::from_millis(2);

#[cfg(test)]
mod tests {
    use super::{Duration, Stop};

    #[test]
    fn a_call_ends_the_longest_pause() {
        let stop = Stop::default();

        std::thread::scope(|threads| {
            let pausing = threads.spawn(|| stop.is_called_within(Duration::from_secs(3600)));
            stop.call();
            assert!(pausing.join().is_ok_and(|called| called));
        });
    }

    #[test]
    fn a_pause_without_a_call_just_ends() {
        assert!(!Stop::default().is_called_within(Duration::ZERO));
    }
}
