use std::sync::atomic::{AtomicUsize, Ordering};

/// How many requests are being answered.
#[derive(Debug, Default)]
pub(crate) struct Concurrency {
    now: AtomicUsize,
}

/// A request that is being answered, until this is dropped.
#[derive(Debug)]
pub(crate) struct Answering<'a> {
    concurrency: &'a Concurrency,
}

impl Concurrency {
    /// Begins another one, and says how many there are with it.
    pub(crate) fn begin(&self) -> (Answering<'_>, usize) {
        let before = self.now.fetch_add(1, Ordering::SeqCst);
        (Answering { concurrency: self }, before + 1)
    }
}

impl Drop for Answering<'_> {
    fn drop(&mut self) {
        self.concurrency.now.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::Concurrency;

    #[test]
    fn what_is_answered_no_longer_counts() {
        let concurrency = Concurrency::default();

        let (first, alone) = concurrency.begin();
        let (_second, together) = concurrency.begin();
        drop(first);
        let (_third, together_again) = concurrency.begin();

        assert_eq!((alone, together, together_again), (1, 2, 2));
    }
}
