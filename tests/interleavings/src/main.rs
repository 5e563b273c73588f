//! The engine that all drivers share, under one schedule after the other.
//!
//! The driver's own files are compiled with [`machine`] in the place of `std`. Time stands still unless a
//! scenario lets it pass, and then it passes at any moment. A caller that misses a notification hangs, and
//! the scheduler reports that.

extern crate machine as futures_timer;
extern crate machine as std;

mod callers;
mod plan;
mod site;
mod source;
mod table;
mod tasks;

#[allow(
    dead_code,
    unused_imports,
    reason = "the driver has more than the scenarios use"
)]
#[allow(
    clippy::large_enum_variant,
    reason = "the locks of this machine are larger"
)]
#[path = "../../../crates/edx-auth-driver/src"]
mod driver {
    pub(crate) mod body;
    pub(crate) mod clock;
    pub(crate) mod engine;
    pub(crate) mod error;
    pub(crate) mod guarded;
    pub(crate) mod request_limit;
    pub(crate) mod store;
    pub(crate) mod threads;
    pub(crate) mod timer;
    pub(crate) mod trace;
    pub(crate) mod transport;
}

use driver::body::ResponseBody;
use driver::error::Error;
use driver::{
    clock, engine, error, guarded, request_limit, store, threads, timer, trace, transport,
};

fn main() {
    machine::explore::explore(&table::scenarios());
}
