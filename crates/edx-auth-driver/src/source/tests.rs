//! One source and its callers, blocking and async, while token requests, threads and client
//! credentials fail.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod announcements;
mod backoffs;
mod calls;
#[cfg(feature = "async")]
mod changes;
mod clones;
mod cold;
mod credentials;
mod crowds;
mod events;
mod faults;
mod files;
mod fixed;
mod hanging;
mod rejections;
mod renewals;
#[cfg(feature = "async")]
mod runtimes;
mod stores;
#[cfg(feature = "tracing")]
mod subscribers;
#[cfg(feature = "tenants")]
mod tenants;
