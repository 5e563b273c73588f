//! What the tests of this crate share. Gates and counts order everything: no test depends on speed.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

pub(crate) mod callers;
pub(crate) mod count;
pub(crate) mod folder;
pub(crate) mod hang_guard;
pub(crate) mod policies;
pub(crate) mod site;

pub(crate) use callers::{Ask, Callers, Flavor, cause, in_both_flavors, one_error, one_token};
#[cfg(feature = "async")]
pub(crate) use callers::{block_on, polled};
pub(crate) use count::Count;
pub(crate) use folder::Folder;
pub(crate) use hang_guard::HangGuard;
pub(crate) use policies::{LONG_BACKOFFS, SHORT_BACKOFFS, TIMEOUT};
pub(crate) use site::{
    Behavior, SECRET, Site, credentials, hold_due, hold_fresh, with_due_token, with_fresh_token,
};
