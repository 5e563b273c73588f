//! The conformance kit over the README's program and over the core's examples.

use std::error::Error;
use std::time::Duration;

use edx_auth_core::{
    ApiCall, CallBody, Jitter, LiveToken, Need, Origins, TokenAgent, TokenError, UrlError,
};
use edx_auth_testkit::conformance::{Driver, Setup, check};
use edx_auth_tests::drivers::embedded::{Embedded, OverCurl, OverEventLoop, OverHyper, Readme};
use edx_auth_tests::drivers::{self, Driver as _};
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
    check::<Curl>().assert_conforming();
}

#[test]
fn the_example_of_an_event_loop_conforms() {
    check::<Held<OverEventLoop>>().assert_conforming();
}

/// A program as a driver of the kit.
struct Held<E> {
    program: E,
    origins: Origins,
    timeout: Duration,
}

impl<E: Embedded> Driver for Held<E> {
    fn start(setup: Setup) -> Self {
        let program = E::start(TokenAgent::new(setup.request, setup.policy));
        if let Some(stored) = setup.stored {
            let _event = program.with(|agent, now| agent.restore(stored, now, Jitter::NONE));
        }
        Self {
            program,
            origins: setup.origins,
            timeout: setup.timeout,
        }
    }

    fn token(&self, timeout: Duration) -> Result<LiveToken, TokenError> {
        self.program.token(Need::any(), timeout)
    }

    fn call(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>> {
        let call = call_of(&request, self.origins.clone())?;
        let call = call.timeout(self.timeout);
        Ok(self.program.call(call, request.into_body())?)
    }
}

/// `embed_curl` as a driver of the kit.
struct Curl(Held<OverCurl>);

impl Driver for Curl {
    fn start(setup: Setup) -> Self {
        let program = OverCurl::source(drivers::Setup {
            request: setup.request,
            credentials: None,
            policy: setup.policy,
            token_timeout: setup.timeout,
        });
        if let Some(stored) = setup.stored {
            program.restore(stored);
        }
        Self(Held {
            program,
            origins: setup.origins,
            timeout: setup.timeout,
        })
    }

    fn token(&self, timeout: Duration) -> Result<LiveToken, TokenError> {
        self.0.program.token_within(timeout)
    }

    fn call(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>> {
        let call = call_of(&request, self.0.origins.clone())?;
        let call = call.timeout(self.0.timeout);
        Ok(self.0.program.call(call, request.body())?)
    }
}

fn call_of(request: &Request<Vec<u8>>, origins: Origins) -> Result<ApiCall, UrlError> {
    let url = request.uri().to_string();
    let call = ApiCall::new(request.method().clone(), &url, origins)?;
    let call = call.headers(request.headers().clone());
    Ok(match request.body()[..] {
        [] => call,
        _ => call.body(CallBody::Repeatable),
    })
}
