//! A time limit for reading a part of a body. ureq has limits only for whole requests. A read that this limit
//! ended may be continued.

use std::cell::Cell;
use std::time::{Duration, Instant};
use std::{fmt, io};

use ureq::Error;
use ureq::unversioned::transport::{NextTimeout, time};

thread_local! {
    static LIMIT: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// The limit has passed, and nothing else is wrong.
#[derive(Debug)]
struct Passed;

impl std::error::Error for Passed {}

impl fmt::Display for Passed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no more input came in time")
    }
}

/// Runs this with a limit for all that it reads on this thread.
pub(crate) fn limited<T>(limit: Duration, read: impl FnOnce() -> T) -> T {
    let _until_dropped = Limit::of(limit);
    read()
}

/// Reports whether the limit ended a read.
pub(crate) fn has_passed(error: &io::Error) -> bool {
    match error.get_ref().and_then(|error| error.downcast_ref()) {
        Some(Error::Other(error)) => error.is::<Passed>(),
        _ => false,
    }
}

/// Waits for input until the timeout, or until this thread's limit if that is sooner.
pub(crate) fn wait(
    timeout: NextTimeout,
    wait: impl FnOnce(NextTimeout) -> Result<bool, Error>,
) -> Result<bool, Error> {
    let until = LIMIT.get();
    let left = until.map(|until| until.saturating_duration_since(Instant::now()));
    match left {
        Some(Duration::ZERO) => Err(Error::Other(Passed.into())),
        Some(left) if left < *timeout.after => {
            let after = time::Duration::Exact(left);
            match wait(NextTimeout { after, ..timeout }) {
                Err(Error::Timeout(_)) => Err(Error::Other(Passed.into())),
                result => result,
            }
        }
        _ => wait(timeout),
    }
}

/// The limit of this thread, until it is dropped.
struct Limit;

impl Limit {
    fn of(limit: Duration) -> Self {
        LIMIT.set(Instant::now().checked_add(limit));
        Self
    }
}

impl Drop for Limit {
    fn drop(&mut self) {
        LIMIT.set(None);
    }
}
