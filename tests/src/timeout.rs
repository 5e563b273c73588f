//! A time limit for every wait, so that a hang fails the test.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Far longer than any test takes, on a machine that is busy with twenty other things too.
pub const TIMEOUT: Duration = Duration::from_secs(180);

/// The timeout of a call that is to succeed: shorter than [`TIMEOUT`], so that the test
/// sees its error, and far longer than a loopback site takes on a busy machine.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(120);

/// Runs the work and returns its result.
///
/// # Panics
/// Panics if the work panics, or takes longer than [`TIMEOUT`].
pub fn within_timeout<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    within(TIMEOUT, work)
}

/// Like [`within_timeout`], with another limit.
///
/// # Panics
/// Panics if the work panics, or takes longer than `limit`.
pub fn within<T: Send + 'static>(limit: Duration, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    let given = receiver.recv_timeout(limit);
    given.unwrap_or_else(|error| panic!("it hangs or panicked: {error}"))
}
