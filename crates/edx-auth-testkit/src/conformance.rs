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
//! use edx_auth_core::{ApiCall, CallBody, LiveToken, Need, TokenAgent, TokenError, WaitBudget};
//! use edx_auth_testkit::conformance::{self, Driver, Setup};
//! use http::{Request, Response};
//! # mod my_program {
//! #     use edx_auth_core::*;
//! #     pub struct Edx(pub TokenAgent);
//! #     impl Edx {
//! #         pub fn new(agent: TokenAgent) -> Self { Self(agent) }
//! #         pub fn token(&self, _: Need, _: WaitBudget) -> Result<LiveToken, TokenError> { loop {} }
//! #         pub fn call(&self, _: ApiCall, _: &[u8])
//! #             -> Result<http::Response<Vec<u8>>, CallError> { loop {} }
//! #     }
//! #     pub fn now() -> Moment { Moment::default() }
//! #     pub fn jitter() -> Jitter { Jitter::NONE }
//! # }
//! use my_program::{Edx, jitter, now}; // such as the program in the README
//!
//! struct MyDriver {
//!     edx: Edx,
//!     setup: Setup,
//! }
//!
//! impl Driver for MyDriver {
//!     fn start(setup: Setup) -> Self {
//!         let mut agent = TokenAgent::new(setup.request.clone(), setup.policy);
//!         if let Some(stored) = setup.stored.clone() {
//!             agent.restore(stored, now(), jitter());
//!         }
//!         Self { edx: Edx::new(agent), setup }
//!     }
//!
//!     fn token(&self, timeout: Duration) -> Result<LiveToken, TokenError> {
//!         self.edx.token(Need::any(), WaitBudget::new(timeout, now()))
//!     }
//!
//!     fn call(
//!         &self,
//!         request: Request<Vec<u8>>,
//!     ) -> Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>> {
//!         let (head, body) = request.into_parts();
//!         let kind = if body.is_empty() { CallBody::Empty } else { CallBody::Repeatable };
//!         let call = ApiCall::new(head.method, &head.uri.to_string(), self.setup.origins.clone())?
//!             .headers(head.headers)
//!             .body(kind)
//!             .timeout(self.setup.timeout);
//!         Ok(self.edx.call(call, &body)?)
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
//! repeat a request: if one is repeated, the HTTP stack did it. The only assertions about time are
//! that a call ends before its caller's timeout, and that a token is no younger than its request.
//! All others count requests or check what the server received.
//!
//! The thread of an item that hangs keeps running, so run the list in a test process and not in a
//! program.
//!
//! # What it does not check
//!
//! - TLS: certificate verification and `https_only`.
//! - Proxies: a token request in plain text must not use one.
//! - HTTP/2.
//! - Clocks that stop or jump while the driver runs: if there is a clock that counts while the machine
//!   is suspended, use it for the core.
//! - Secrets that remain in memory.

mod api_redirects;
mod bodies;
mod calls;
mod check;
mod clocks;
mod concurrency;
mod cookies;
mod deadlines;
mod dispatch;
mod driver;
mod exchange;
mod fixture;
mod full_port;
mod item;
mod jitter;
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
