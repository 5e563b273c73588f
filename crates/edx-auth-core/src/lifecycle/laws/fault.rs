//! Deliberate faults, one for every law: a law that its fault does not break says nothing.

use std::cell::Cell;

use super::Law;

std::thread_local! {
    static SWITCHED_ON: Cell<Option<Law>> = const { Cell::new(None) };
}

/// Whether this thread's lifecycles have the fault that breaks this law.
pub(in crate::lifecycle) fn is_on(law: Law) -> bool {
    SWITCHED_ON.get() == Some(law)
}

/// Runs a test on this thread with the fault that breaks this law.
pub(super) fn with<T>(law: Law, test: impl FnOnce() -> T) -> T {
    SWITCHED_ON.set(Some(law));
    let outcome = test();
    SWITCHED_ON.set(None);
    outcome
}
