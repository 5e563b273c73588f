//! One source and its callers, blocking and async, whatever happens to the token request, the
//! threads and the client credentials.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod announcements;
mod backoffs;
mod clones;
mod cold;
mod credentials;
mod faults;
mod fixed;
mod hanging;
mod rejections;
mod renewals;
#[cfg(feature = "async")]
mod runtimes;
#[cfg(feature = "tracing")]
mod subscribers;
