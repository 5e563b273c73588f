//! One API call of a driver by hand.

use std::error::Error;
use std::sync::Arc;
use std::time::Instant;

use edx_auth_core::{ApiCall, CallStep, LiveToken, Need, Redirect, TransportFailure, Verdict};
use edx_auth_testkit::conformance::Item;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Method, Request, Response};

use super::exchange::led_on;
use super::source::Source;
use super::wire::{Terms, Timer};

pub(super) type Called = Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>>;

/// A call on its way.
pub(super) struct Errand<'a> {
    pub(super) source: &'a Arc<Source>,
    call: ApiCall,
    pub(super) request: Request<Vec<u8>>,
    pub(super) until: Instant,
    /// How often it may be replayed beyond what is right.
    beyond: usize,
}

impl Source {
    pub(super) fn call(self: &Arc<Self>, request: Request<Vec<u8>>) -> Called {
        let until = Instant::now() + self.setup.timeout;
        let url = request.uri().to_string();
        let origins = self.setup.origins.clone();
        let call = match ApiCall::new(request.method().clone(), &url, origins) {
            Ok(call) => call,
            Err(_) if self.errs_at(Item::OutsideOrigins) && url.starts_with("http:") => {
                return self.anyway(request, until);
            }
            Err(error) => return Err(error.into()),
        };
        let errand = Errand {
            source: self,
            call,
            request,
            until,
            beyond: usize::from(self.errs_at(Item::ReplayedOnce)),
        };
        match self.ask(Need::any(), self.setup.timeout) {
            Ok(token) => errand.run(token),
            Err(_) if self.errs_at(Item::CallWithoutToken) => {
                let terms = Terms::until(until, usize::MAX);
                let reply = self.send(&errand.request, &terms);
                reply.map_err(|broken| broken.failure().into())
            }
            Err(error) => Err(error.into()),
        }
    }

    fn anyway(self: &Arc<Self>, mut request: Request<Vec<u8>>, until: Instant) -> Called {
        let token = self.ask(Need::any(), self.setup.timeout)?;
        let authorization = token.authorization().clone();
        request.headers_mut().insert(AUTHORIZATION, authorization);
        let reply = self.send(&request, &Terms::until(until, usize::MAX));
        reply.map_err(|broken| broken.failure().into())
    }
}

impl Errand<'_> {
    fn run(mut self, mut token: LiveToken) -> Called {
        loop {
            let reply = self.send(&token)?;
            let peeked = reply.body().len().min(ApiCall::PEEK);
            let beginning = &reply.body()[..peeked];
            match self
                .call
                .answered(reply.status(), reply.headers(), beginning)
            {
                CallStep::Deliver(Verdict::TokenRejected) if self.beyond > 0 => {
                    self.beyond -= 1;
                    match self.successor(&token) {
                        Some(newer) => token = newer,
                        None => return Ok(reply),
                    }
                }
                CallStep::Deliver(verdict) => return self.deliver(reply, verdict, &token),
                CallStep::Follow(redirect) => self.follow(redirect),
                CallStep::Replay => match self.successor(&token) {
                    Some(newer) => token = newer,
                    None => return Ok(reply),
                },
            }
        }
    }

    fn send(&mut self, token: &LiveToken) -> Called {
        *self.request.method_mut() = self.call.method().clone();
        let url = self.call.url().uri().clone();
        let leaves = url.authority() != self.request.uri().authority();
        *self.request.uri_mut() = url;
        let headers = self.request.headers_mut();
        headers.insert(AUTHORIZATION, self.source.authorization(token));
        if leaves && self.source.errs_at(Item::RedirectsInside) {
            headers.remove(AUTHORIZATION);
        }
        loop {
            match self.source.send(&self.request, &self.terms()) {
                Ok(reply) => return Ok(reply),
                Err(broken) if self.survives(broken.failure()) => {}
                Err(broken) => return Err(self.error(broken.failure(), token)),
            }
        }
    }

    fn terms(&self) -> Terms {
        let mut terms = Terms::until(self.until, usize::MAX);
        if self.source.errs_at(Item::CallTimeout) {
            terms.body = Timer::EachRead(self.source.setup.timeout);
        }
        terms
    }

    fn survives(&mut self, failure: TransportFailure) -> bool {
        let source = self.source;
        if source.errs_at(Item::BrokenPost) && *self.call.method() == Method::POST {
            let reading = ApiCall::new(
                Method::GET,
                &self.call.url().to_string(),
                source.setup.origins.clone(),
            );
            return reading.unwrap().survives(failure);
        }
        let is_get = *self.call.method() == Method::GET;
        if source.errs_finely_at(Item::BrokenGet) && is_get {
            return failure == TransportFailure::MaybeSent;
        }
        self.call.survives(failure) && !source.errs_at(Item::BrokenGet)
    }

    fn error(&self, failure: TransportFailure, token: &LiveToken) -> Box<dyn Error + Send + Sync> {
        if self.source.errs_at(Item::SecretsInErrors) {
            let sent = token.authorization().to_str().unwrap();
            return format!("{failure} while it sent {sent}").into();
        }
        failure.into()
    }

    fn deliver(self, mut reply: Response<Vec<u8>>, verdict: Verdict, token: &LiveToken) -> Called {
        let source = self.source;
        if verdict == Verdict::TokenRejected && source.errs_finely_at(Item::ReplayedOnce) {
            reply.body_mut().truncate(ApiCall::PEEK);
        }
        if source.errs_finely_at(Item::ApiResponses) {
            reply.headers_mut().clear();
        }
        if verdict == Verdict::TokenRejected {
            let _refusal = source.lock().invalidate(token.generation(), source.now());
        }
        if source.errs_at(Item::ApiResponses) && reply.status().is_server_error() {
            return Err("the server is in trouble".into());
        }
        if verdict == Verdict::Redirected && source.errs_at(Item::RedirectsOutside) {
            let mut request = led_on(&self.request, &reply);
            request.headers_mut().remove(AUTHORIZATION);
            let reply = source.send(&request, &self.terms());
            return reply.map_err(|broken| broken.failure().into());
        }
        Ok(reply)
    }

    fn follow(&mut self, redirect: Redirect) {
        redirect.adapt(self.request.headers_mut());
        let loses = self.source.errs_finely_at(Item::RedirectsInside);
        if loses || !redirect.keeps_body() {
            self.request.body_mut().clear();
        }
    }
}

impl Source {
    fn authorization(&self, token: &LiveToken) -> HeaderValue {
        let value = token.authorization();
        match value.to_str().unwrap().strip_prefix("Bearer ") {
            Some(opaque) if self.errs_at(Item::TokenAttached) => {
                format!("JWT {opaque}").parse().unwrap()
            }
            _ => value.clone(),
        }
    }
}
