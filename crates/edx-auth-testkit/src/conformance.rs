//! A list of checks for drivers of `edx-auth-core`.
//!
//! The core reads no clock and opens no connection. Its driver does, and most token errors happen
//! there: the HTTP stack follows a redirect and posts the secret to another server, a deadline
//! limits each read and not their sum, a default cookie jar stores cookies, ten threads request ten
//! tokens. None of this shows while a site works. [`check()`] simulates sites that do not.
//!
//! Implement one trait for your driver, [`Driver`]: it starts, gets a token and makes an API call.
//! All its methods block; an async driver blocks on its own runtime.
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
//!     fn token(&self, timeout: Duration) -> Result<LiveToken, TokenError> {
//! #       let _ = (&self.setup, timeout);
//!         todo!("call `acquire` and wait as it says; do the work of `poll_work`")
//!     }
//!
//!     fn call(
//!         &self,
//!         request: http::Request<Vec<u8>>,
//!     ) -> Result<http::Response<Vec<u8>>, Box<dyn Error + Send + Sync>> {
//! #       let _ = request;
//!         todo!("`poll` an `ApiCall` and do each step, until it delivers or fails")
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
//! If it does not conform, the test fails with the [`Report`]: one line for each [`Item`], with a
//! description of each failure.
//!
//! ```text
//! ✓ error-bodies
//! ✗ token-redirects: followed a 307 to another port
//! - compression-bomb: not applicable: the runtime decodes what it receives, without a limit
//! ```
//!
//! # How it runs
//!
//! The whole list takes some seconds: every item has its own [`MockEdx`](crate::MockEdx), and all
//! items run at once. In most items the backoff is an hour, so that the driver has no reason to
//! repeat a request: if one is repeated, the HTTP stack did it. The only assertion about time is
//! that a call ends before its caller's timeout. All others count requests or check what the server
//! received.
//!
//! The thread of an item that hangs keeps running, so run the list in a test process and not in a
//! program.
//!
//! # What it does not check
//!
//! - TLS: certificate verification and `https_only`.
//! - Proxies: a token request in plain text must not use one.
//! - HTTP/2.
//! - Clocks that stop or jump: if there is a clock that counts while the machine is suspended, use
//!   it for the core.
//! - Secrets that remain in memory.

mod api_redirects;
mod bodies;
mod calls;
mod check;
mod concurrency;
mod cookies;
mod deadlines;
mod dispatch;
mod driver;
mod exchange;
mod fixture;
mod item;
mod life;
mod redirects;
mod rejections;
mod report;
mod result;
mod retries;
mod secrets;
mod single_flight;

pub use check::check;
pub use driver::{Driver, Setup};
pub use item::Item;
pub use report::{Finding, Outcome, Report};
