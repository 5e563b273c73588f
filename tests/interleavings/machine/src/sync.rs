//! Locks and condition variables of the scheduler's.

mod condvar;
mod mutex;
mod place;

pub use std::sync::*;

pub use condvar::{Condvar, WaitTimeoutResult};
pub use mutex::{Mutex, MutexGuard};
pub(crate) use place::Place;
