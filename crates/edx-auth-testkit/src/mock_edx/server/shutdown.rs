use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Tells every thread of a server to end, and wakes the threads that wait.
#[derive(Debug, Default)]
pub(crate) struct ShutdownSignal {
    sent: Mutex<bool>,
    changed: Condvar,
}

impl ShutdownSignal {
    pub(crate) fn send(&self) {
        *self.sent.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }

    pub(crate) fn is_sent(&self) -> bool {
        *self.sent.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for `time`, or until the signal is sent. Returns whether it is sent.
    pub(crate) fn is_sent_within(&self, time: Duration) -> bool {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let (sent, _) = self
            .changed
            .wait_timeout_while(sent, time, |sent| !*sent)
            .unwrap_or_else(PoisonError::into_inner);
        *sent
    }

    /// Polls a condition until it holds or the signal is sent. Returns whether the signal is sent.
    pub(crate) fn is_sent_before(&self, condition: impl Fn() -> bool) -> bool {
        while !condition() {
            if self.is_sent_within(POLL_INTERVAL) {
                return true;
            }
        }
        false
    }
}

const POLL_INTERVAL: Duration = Duration::from_millis(2);

#[cfg(test)]
mod tests {
    use super::{Duration, ShutdownSignal};

    #[test]
    fn the_signal_ends_the_longest_wait() {
        let shutdown = ShutdownSignal::default();

        std::thread::scope(|threads| {
            let waiting = threads.spawn(|| shutdown.is_sent_within(Duration::from_secs(3600)));
            shutdown.send();
            assert!(waiting.join().is_ok_and(|sent| sent));
        });
    }

    #[test]
    fn a_wait_without_a_signal_ends_after_its_time() {
        assert!(!ShutdownSignal::default().is_sent_within(Duration::ZERO));
    }
}
