//! The conformance kit over the drivers of the examples.

use std::error::Error;
use std::time::Duration;

use edx_auth_core::{LiveToken, Need, TokenError};
use edx_auth_testkit::conformance::{Driver, Setup, check};
use edx_auth_tests::drivers::embedded::{Embedded, OverCurl, OverHyper, OverSockets};
use http::{Request, Response};

#[test]
fn the_example_over_libcurl_conforms() {
    check::<Held<OverCurl>>().assert_conforming();
}

#[test]
fn the_example_over_hyper_conforms() {
    check::<Held<OverHyper>>().assert_conforming();
}

#[test]
fn the_example_over_sockets_conforms() {
    check::<Held<OverSockets>>().assert_conforming();
}

/// An example as the kit holds a driver.
struct Held<E>(E);

impl<E: Embedded> Driver for Held<E> {
    fn start(setup: Setup) -> Self {
        let request = setup.request;
        let identity = Box::new(move || request.clone());
        Self(E::start(
            identity,
            setup.policy,
            setup.origins,
            setup.timeout,
        ))
    }

    fn token(&self, patience: Duration) -> Result<LiveToken, TokenError> {
        self.0.ask(Need::any(), patience)
    }

    fn call(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>> {
        self.0.call(request)
    }
}
