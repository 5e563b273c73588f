//! Locks and condition variables of the scheduler.

mod condvar;
mod mutex;
mod signal;

pub use std::sync::*;

pub use condvar::{Condvar, WaitTimeoutResult};
pub use mutex::{Mutex, MutexGuard};
pub use shuttle::sync::{Barrier, mpsc};
pub(crate) use signal::Signal;
