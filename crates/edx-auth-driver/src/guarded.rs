//! The program's code that runs on this crate's threads: functions, subscribers, wakers.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// Runs code of the program. Returns `None` if it panics; the panic goes no further.
pub(crate) fn guarded<T>(code: impl FnOnce() -> T) -> Option<T> {
    catch_unwind(AssertUnwindSafe(code)).ok()
}
