//! The conformance kit over the README's program and over the core's examples.

use std::error::Error;
use std::time::Duration;

use edx_auth_core::{ApiCall, CallBody, LiveToken, Need, Origins, TokenAgent, TokenError};
use edx_auth_testkit::conformance::{Driver, Setup, check};
use edx_auth_tests::drivers::embedded::{Embedded, OverCurl, OverEventLoop, OverHyper, Readme};
use http::{Request, Response};

#[test]
fn the_readmes_program_conforms() {
    check::<Held<Readme>>().assert_conforming();
}

#[test]
fn the_example_over_hyper_conforms() {
    check::<Held<OverHyper>>().assert_conforming();
}

#[test]
fn the_example_over_libcurl_conforms() {
    check::<Held<OverCurl>>().assert_conforming();
}

#[test]
fn the_example_of_an_event_loop_conforms() {
    check::<Held<OverEventLoop>>().assert_conforming();
}

/// A program as the kit holds a driver.
struct Held<E> {
    program: E,
    origins: Origins,
    timeout: Duration,
}

impl<E: Embedded> Driver for Held<E> {
    fn start(setup: Setup) -> Self {
        Self {
            program: E::start(TokenAgent::new(setup.request, setup.policy)),
            origins: setup.origins,
            timeout: setup.timeout,
        }
    }

    fn token(&self, patience: Duration) -> Result<LiveToken, TokenError> {
        self.program.token(Need::any(), patience)
    }

    fn call(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>> {
        let (head, body) = request.into_parts();
        let call = ApiCall::new(head.method, &head.uri.to_string(), self.origins.clone())?;
        let kind = if body.is_empty() {
            CallBody::Empty
        } else {
            CallBody::Repeatable
        };
        let call = call.headers(head.headers).body(kind).timeout(self.timeout);
        Ok(self.program.call(call, body)?)
    }
}
