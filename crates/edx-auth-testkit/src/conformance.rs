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
//! use edx_auth_core::{LiveToken, NoToken};
//! use edx_auth_testkit::conformance::{self, Driver, Setup};
//!
//! struct MyDriver {
//!     setup: Setup,
//!     // .. a lifecycle behind a lock, a bell for those who wait, an HTTP client ..
//! }
//!
//! impl Driver for MyDriver {
//!     fn start(setup: Setup) -> Self {
//!         Self { setup }
//!     }
//!
//!     fn token(&self, patience: Duration) -> Result<LiveToken, NoToken> {
//! #       let _ = (&self.setup, patience);
//!         todo!("step, and make the attempt where elected, or wait as `Patience` says")
//!     }
//!
//!     fn call(
//!         &self,
//!         request: http::Request<Vec<u8>>,
//!     ) -> Result<http::Response<Vec<u8>>, Box<dyn Error + Send + Sync>> {
//! #       let _ = request;
//!         todo!("an `ApiCall`, sent with the token until it says `Deliver`")
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
