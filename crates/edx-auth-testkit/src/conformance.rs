//! What every driver of `edx-auth-core` has to get right, as a list to run over a driver of one's
//! own.
//!
//! The core reads no clock and opens no connection: that is its driver's work, and most of what can
//! go wrong with a token goes wrong there. The HTTP stack follows a redirect and posts the secret
//! to another server; a deadline counts each read and not their sum; a cookie jar nobody asked for
//! fills; ten threads ask for ten tokens. None of it shows while a site is well. [`check()`] plays the
//! ill ones.
//!
//! A driver is handed in as one trait, [`Driver`]: something that starts, gets a token and makes an
//! API call. Everything in it blocks; an async driver waits on a runtime of its own.
//!
//! ```no_run
//! use std::error::Error;
//! use std::time::Duration;
//!
//! use edx_auth_core::{LiveToken, TokenError};
//! use edx_auth_testkit::conformance::{self, Driver, Setup};
//!
//! struct MyDriver {
//!     setup: Setup,
//!     // .. a `TokenAgent` behind a lock, a condition variable, an HTTP client ..
//! }
//!
//! impl Driver for MyDriver {
//!     fn start(setup: Setup) -> Self {
//!         Self { setup }
//!     }
//!
//!     fn token(&self, patience: Duration) -> Result<LiveToken, TokenError> {
//! #       let _ = (&self.setup, patience);
//!         todo!("`acquire`, and wait as it says; do what `poll_work` hands out")
//!     }
//!
//!     fn call(
//!         &self,
//!         request: http::Request<Vec<u8>>,
//!     ) -> Result<http::Response<Vec<u8>>, Box<dyn Error + Send + Sync>> {
//! #       let _ = request;
//!         todo!("`poll` an `ApiCall` and do as it says, until it delivers or fails")
//!     }
//! }
//!
//! // #[test]
//! fn my_driver_conforms() {
//!     conformance::check::<MyDriver>().assert_conforming();
//! }
//! # my_driver_conforms();
//! ```
//!
//! Where it does not, the test ends with the [`Report`]: one line for each [`Item`], and behind a
//! cross what was seen.
//!
//! ```text
//! ✓ error-bodies
//! ✗ token-redirects: followed a 307 to another port
//! - compression-bomb: out of reach: the runtime decodes what it receives, without a limit
//! ```
//!
//! # How it is run
//!
//! The whole list takes some seconds: every item has a [`MockEdx`](crate::MockEdx) of its own, and
//! all go on at once. Most have drivers with pauses of an hour, so that whatever is sent twice was
//! sent by the stack. Nothing is asserted of how long something took but that it ended while its
//! caller had patience; the rest are counts, and what the server was told.
//!
//! An item that hangs is given up and its thread left behind, so run the list in a test process and
//! not in a program.
//!
//! # What it does not see
//!
//! TLS: whether certificates are verified, and whether `https_only` holds. Proxies: a token request
//! in plain text may go through none. HTTP/2, and clocks that stop or jump: tell the core of a clock
//! that runs on while the machine sleeps, where there is one. What is left in memory.

mod api_redirects;
mod bodies;
mod calls;
mod casting;
mod check;
mod cookies;
mod crowd;
mod deadlines;
mod driver;
mod exchange;
mod flight;
mod item;
mod life;
mod redirects;
mod refusals;
mod report;
mod retries;
mod secrets;
mod seen;
mod stage;

pub use check::check;
pub use driver::{Driver, Setup};
pub use item::Item;
pub use report::{Finding, Outcome, Report};
