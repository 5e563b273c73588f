//! The programs that show how to embed the core, each behind calls that block: the one in the README,
//! over a small HTTP client, and the core's examples.

#![allow(
    missing_debug_implementations,
    reason = "the programs under test have none"
)]
#![allow(
    clippy::format_push_string,
    clippy::indexing_slicing,
    clippy::match_bool,
    clippy::needless_pass_by_value,
    clippy::struct_field_names,
    reason = "what a document shows is as short as it can be"
)]

mod over_curl;
mod over_event_loop;
mod over_hyper;
mod readme;

use std::thread;
use std::time::{Duration, Instant};

use edx_auth_core::{
    AccessToken, ApiCall, ApiUrl, CallError, CallStep, ErrorCode, ExchangeError, Health,
    Invalidation, IssuedToken, LiveToken, Moment, Need, RenewalError, TokenAgent, TokenError,
    TokenRequest, TransportFailure, TransportRules,
};
use http::{Method, Request, Response, StatusCode};

use super::{CredentialsFn, Driver, Setup, origin_of};
use crate::timeout::CALL_TIMEOUT;

pub use over_curl::OverCurl;
pub use over_event_loop::OverEventLoop;
pub use over_hyper::OverHyper;
pub use readme::Readme;

/// A program around a token agent.
pub trait Embedded: HttpClient + Send + Sync + Sized + 'static {
    /// Starts it with this agent.
    fn start(agent: TokenAgent) -> Self;

    /// Returns a token that meets the need.
    ///
    /// # Errors
    /// Returns an error if there is none within this time.
    fn token(&self, need: Need, timeout: Duration) -> Result<LiveToken, TokenError>;

    /// Makes an API call with this body.
    ///
    /// # Errors
    /// Returns an error if there is no response.
    fn call(&self, call: ApiCall, body: Vec<u8>) -> Result<Response<Vec<u8>>, CallError>;

    /// Uses its agent.
    fn with<T, F>(&self, act: F) -> T
    where
        T: Send + 'static,
        F: FnOnce(&mut TokenAgent, Moment) -> T + Send + 'static;
}

/// The HTTP client of a program.
pub trait HttpClient {
    /// Sends one request.
    ///
    /// # Errors
    /// Returns an error if there is no complete response.
    fn send(request: Request<Vec<u8>>, rules: TransportRules) -> Sent;
}

/// The result of one request.
pub type Sent = Result<Response<Vec<u8>>, TransportFailure>;

/// Sends one token request.
///
/// # Errors
/// Returns an error if there is no token.
pub fn exchange<E: HttpClient>(request: &TokenRequest) -> Result<IssuedToken, ExchangeError> {
    let (request, exchange) = request.begin();
    let request = request.map(|form| form.as_ref().to_vec());
    match E::send(request, exchange.rules()) {
        Ok(response) => {
            let (head, body) = response.into_parts();
            exchange.finish(Response::from_parts(head, &body))
        }
        Err(failure) => Err(exchange.fail(failure)),
    }
}

/// Sends one GET with this token, and follows no redirect.
///
/// # Errors
/// Returns an error if there is no complete response.
pub fn get<E: HttpClient>(url: &ApiUrl, token: &AccessToken) -> Sent {
    let mut call = ApiCall::new(Method::GET, &url.to_string(), origin_of(url)).unwrap();
    match call.poll(&mut TokenAgent::fixed(token.clone()), Moment::default()) {
        CallStep::Send(request) => {
            let rules = request.rules();
            E::send(request.with_body(Vec::new()), rules)
        }
        other => panic!("a call with a token is sent: {other:?}"),
    }
}

/// Sends the API call, and returns the status. It is repeated as long as it was certainly not sent: a site on a
/// busy machine may reject one connection after the other.
///
/// # Panics
/// Panics if there is no complete response.
fn status<E: HttpClient>(url: &ApiUrl, token: &AccessToken) -> StatusCode {
    let began = Instant::now();
    loop {
        match get::<E>(url, token) {
            Err(TransportFailure::NotSent) if began.elapsed() < CALL_TIMEOUT => {
                thread::sleep(PAUSE);
            }
            sent => return sent.unwrap().status(),
        }
    }
}

const PAUSE: Duration = Duration::from_millis(100);

/// A program as one of the [`DRIVERS`](super::DRIVERS).
pub(super) struct Held<E> {
    program: E,
    credentials: Option<CredentialsFn>,
    token_timeout: Duration,
}

impl<E: Embedded> Held<E> {
    pub(super) fn source(setup: Setup) -> Self {
        Self {
            program: E::start(TokenAgent::new(setup.request, setup.policy)),
            credentials: setup.credentials,
            token_timeout: setup.token_timeout,
        }
    }

    /// Sets the current client credentials before each call, and once more if they were rejected.
    fn ask(&self, need: Need, timeout: Duration) -> Result<LiveToken, TokenError> {
        self.set_credentials();
        let result = self.program.token(need, timeout);
        match &result {
            Err(error) if self.credentials.is_some() && is_unknown(error) => {
                self.set_credentials();
                self.program.token(need, timeout)
            }
            _ => result,
        }
    }

    fn set_credentials(&self) {
        if let Some(credentials) = &self.credentials {
            let credentials = credentials();
            self.program
                .with(move |agent, now| agent.set_credentials(credentials, now));
        }
    }
}

/// Returns whether the site does not know these client credentials.
fn is_unknown(error: &TokenError) -> bool {
    match error.renewal_error() {
        Some(RenewalError::Exchange(error)) => {
            error.oauth_code() == Some(&ErrorCode::InvalidClient)
        }
        _ => false,
    }
}

impl<E: Embedded> Driver for Held<E> {
    fn token(&self) -> Result<LiveToken, TokenError> {
        self.token_within(self.token_timeout)
    }

    fn token_within(&self, timeout: Duration) -> Result<LiveToken, TokenError> {
        self.ask(Need::any(), timeout)
    }

    fn token_valid_for(&self, validity: Duration) -> Result<LiveToken, TokenError> {
        self.ask(Need::any().valid_for(validity), self.token_timeout)
    }

    fn renew_now(&self) -> Result<LiveToken, TokenError> {
        let newer = self.program.with(|agent, _| agent.renew_now());
        self.ask(newer, self.token_timeout)
    }

    fn invalidate(&self, token: &LiveToken) -> Invalidation {
        let rejected = token.generation();
        self.program
            .with(move |agent, now| agent.invalidate(rejected, now))
    }

    fn token_newer_than(&self, rejected: &LiveToken) -> Result<LiveToken, TokenError> {
        let newer = Need::any().newer_than(rejected.generation());
        self.ask(newer, self.token_timeout)
    }

    fn health(&self) -> Health {
        self.program.with(|agent, now| agent.health(now))
    }

    fn get(&self, url: &ApiUrl, token: &LiveToken) -> StatusCode {
        status::<E>(url, token.token())
    }
}
