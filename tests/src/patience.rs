//! A bound on every wait, so that a hang is a failed test and not a silent one.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Far longer than anything here takes, on a machine that is busy with twenty other things too.
pub const PATIENCE: Duration = Duration::from_secs(180);

/// What the work gives.
///
/// # Panics
/// Where the work panics, or has not ended when [`PATIENCE`] has.
pub fn within_patience<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    within(PATIENCE, work)
}

/// The same for work that takes long by its nature.
///
/// # Panics
/// Where the work panics, or has not ended by then.
pub fn within<T: Send + 'static>(limit: Duration, work: impl FnOnce() -> T + Send + 'static) -> T {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || sender.send(work()));
    let given = receiver.recv_timeout(limit);
    given.unwrap_or_else(|error| panic!("it hangs or panicked: {error}"))
}
