//! The core's examples over HTTP stacks of other people's, held by callers that block.

#![allow(
    missing_debug_implementations,
    reason = "the examples show themselves to nobody"
)]

mod over_curl;
mod over_hyper;
mod over_sockets;

use std::error::Error;
use std::io;
use std::time::Duration;

use edx_auth_core::{
    AccessToken, ApiUrl, ExchangeError, Health, Invalidation, IssuedToken, Jitter, LiveToken,
    Moment, Need, Origins, RenewalPolicy, RenewalReason, Step, StoredToken, TokenError,
    TokenLifecycle, TokenRequest, TransportFailure, TransportRules,
};
use http::{Request, Response, StatusCode};

use super::{Driver, Setup, origin_of};

use over_curl::driver::outgoing::Outgoing;

pub use over_curl::OverCurl;
pub use over_hyper::OverHyper;
pub use over_sockets::OverSockets;

/// What the `driver` module of each example gives, waited for.
pub trait Embedded: Send + Sync + Sized + 'static {
    /// A driver without a token.
    fn start(
        identity: Identity,
        policy: RenewalPolicy,
        origins: Origins,
        timeout: Duration,
    ) -> Self;

    /// A token that meets the need.
    ///
    /// # Errors
    /// Where there is none in time.
    fn ask(&self, need: Need, patience: Duration) -> Result<LiveToken, TokenError>;

    /// An API call with its token, its redirects and its replay.
    ///
    /// # Errors
    /// Where there is no reply.
    fn call(
        &self,
        request: Request<Vec<u8>>,
    ) -> Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>>;

    /// One bare sending.
    ///
    /// # Errors
    /// Where there is no whole reply.
    fn carry(&self, request: Request<Vec<u8>>, rules: Rules) -> Carried;

    /// Whatever the lifecycle itself has to say.
    fn lifecycle<T, F>(&self, act: F) -> T
    where
        T: Send + 'static,
        F: FnOnce(&mut TokenLifecycle, Moment) -> T + Send + 'static;
}

/// Who the program is and what it asks for.
pub type Identity = Box<dyn Fn() -> TokenRequest + Send + Sync>;

/// What one sending has to obey.
#[derive(Clone, Debug)]
pub enum Rules {
    /// Those of a token exchange.
    OfExchange(TransportRules),
    /// Those of an API call.
    OfCall(ApiUrl),
}

/// What comes of one sending.
pub type Carried = Result<Response<Vec<u8>>, (TransportFailure, Option<io::Error>)>;

/// One exchange, without a life around it.
///
/// # Errors
/// Where it brings no token.
pub fn exchange<E: Embedded>(request: &TokenRequest) -> Result<IssuedToken, ExchangeError> {
    let (to_send, exchange) = request.begin();
    let to_send = to_send.map(|form| form.as_ref().to_vec());
    match bare::<E>().carry(to_send, Rules::OfExchange(exchange.rules())) {
        Ok(reply) => {
            let (head, body) = reply.into_parts();
            exchange.finish(Response::from_parts(head, &body))
        }
        Err((failure, None)) => Err(exchange.fail(failure)),
        Err((failure, Some(cause))) => Err(exchange.fail(failure).with_cause(cause)),
    }
}

/// One GET with this token, without a life around it.
///
/// # Errors
/// Where there is no whole reply.
pub fn get<E: Embedded>(url: &ApiUrl, token: &AccessToken) -> Carried {
    bare::<E>().carry(get_with(&live(token), url), Rules::OfCall(url.clone()))
}

fn bare<E: Embedded>() -> E {
    let identity = Box::new(|| panic!("nobody asks for a token"));
    E::start(identity, RenewalPolicy::DEFAULT, Origins::none(), DEADLINE)
}

fn live(token: &AccessToken) -> LiveToken {
    let (mut lifecycle, now) = (
        TokenLifecycle::new(RenewalPolicy::DEFAULT),
        Moment::default(),
    );
    let stored = StoredToken::new(token.clone(), DEADLINE, Duration::ZERO);
    let _adopted = lifecycle.adopt(stored, now, Jitter::NONE);
    match lifecycle.step(now) {
        Step::Use(token) => token,
        other => panic!("a token just born is used: {other:?}"),
    }
}

/// A GET as every example makes it: they share the file.
fn get_with(token: &LiveToken, url: &ApiUrl) -> Request<Vec<u8>> {
    let mut request = Request::new(Vec::new());
    *request.uri_mut() = url.uri().clone();
    let outgoing = Outgoing::new(request, origin_of(url));
    outgoing.unwrap().request(token)
}

/// A source out of an example, with the patience of its callers.
pub(super) struct Held<E> {
    driver: E,
    patience: Duration,
}

impl<E: Embedded> Held<E> {
    pub(super) fn source(setup: Setup) -> Self {
        let origins = Origins::of(setup.request.endpoint());
        let (policy, patience) = (setup.policy, setup.patience);
        Self {
            driver: E::start(identity(setup), policy, origins, patience),
            patience,
        }
    }
}

fn identity(setup: Setup) -> Identity {
    Box::new(move || {
        let request = setup.request.clone();
        match &setup.pair {
            Some(pair) => request.with_credentials(pair()),
            None => request,
        }
    })
}

impl<E: Embedded> Driver for Held<E> {
    fn token(&self) -> Result<LiveToken, TokenError> {
        self.token_within(self.patience)
    }

    fn token_within(&self, patience: Duration) -> Result<LiveToken, TokenError> {
        self.driver.ask(Need::any(), patience)
    }

    fn token_valid_for(&self, validity: Duration) -> Result<LiveToken, TokenError> {
        let need = Need::any().valid_for(validity);
        self.driver.ask(need, self.patience)
    }

    fn renew_now(&self) -> Result<LiveToken, TokenError> {
        let newer = self.driver.lifecycle(|lifecycle, now| {
            let _owed = lifecycle.renew_now(RenewalReason::Forced, now);
            let held = lifecycle.health(now).generation;
            held.map_or_else(Need::any, |held| Need::any().newer_than(held))
        });
        self.driver.ask(newer, self.patience)
    }

    fn invalidate(&self, token: &LiveToken) -> Invalidation {
        let refused = token.generation();
        self.driver
            .lifecycle(move |lifecycle, now| lifecycle.invalidate(refused, now))
    }

    fn token_newer_than(&self, refused: &LiveToken) -> Result<LiveToken, TokenError> {
        let need = Need::any().newer_than(refused.generation());
        self.driver.ask(need, self.patience)
    }

    fn health(&self) -> Health {
        self.driver
            .lifecycle(|lifecycle, now| lifecycle.health(now))
    }

    fn get(&self, url: &ApiUrl, token: &LiveToken) -> StatusCode {
        let request = get_with(token, url);
        let reply = self.driver.carry(request, Rules::OfCall(url.clone()));
        reply.unwrap().status()
    }
}

/// Far above what one sending takes.
const DEADLINE: Duration = Duration::from_secs(60);
