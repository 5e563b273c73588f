use std::sync::atomic::{AtomicUsize, Ordering};

/// The number of requests that the server is handling.
#[derive(Debug, Default)]
pub(crate) struct InFlightCount {
    now: AtomicUsize,
}

/// A request that the server is handling. Dropping it completes the request.
#[derive(Debug)]
pub(crate) struct InFlight<'a> {
    count: &'a InFlightCount,
}

impl InFlightCount {
    /// Adds a request. Returns it with the new count.
    pub(crate) fn begin(&self) -> (InFlight<'_>, usize) {
        let before = self.now.fetch_add(1, Ordering::SeqCst);
        (InFlight { count: self }, before + 1)
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.count.now.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::InFlightCount;

    #[test]
    fn a_completed_request_no_longer_counts() {
        let count = InFlightCount::default();

        let (first, alone) = count.begin();
        let (_second, together) = count.begin();
        drop(first);
        let (_third, together_again) = count.begin();

        assert_eq!((alone, together, together_again), (1, 2, 2));
    }
}
