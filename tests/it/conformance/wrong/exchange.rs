//! One exchange of a driver by hand.

use std::time::{Duration, Instant};

use edx_auth_core::{ExchangeError, IssuedToken};
use edx_auth_testkit::conformance::Item;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderValue, Request, Response, Uri};

use super::inflate::gunzip;
use super::source::Source;
use super::wire::{self, Broken, Terms, Timer};

impl Source {
    pub(super) fn exchange(&self) -> Result<IssuedToken, ExchangeError> {
        let (request, exchange) = self.setup.request.begin();
        let rules = exchange.rules();
        let mut request = request.map(|form| form.as_ref().to_vec());
        if self.errs_at(Item::RequestAsGiven) {
            let both = HeaderValue::from_static("gzip, identity");
            request.headers_mut().insert(ACCEPT_ENCODING, both);
        }
        if self.errs_finely_at(Item::RequestAsGiven) {
            request.body_mut().extend(b"&scope=");
        }
        let limit = if self.errs_at(Item::BodyLimit) {
            1024 * 1024
        } else {
            rules.body_limit()
        };
        let terms = self.terms_of_exchange(rules.deadline(), limit);
        match self.carried(&request, &terms) {
            Ok(reply) => {
                let (head, body) = self.as_received(reply).into_parts();
                exchange.finish(Response::from_parts(head, body.as_slice()))
            }
            Err(broken) => Err(exchange.fail(broken.failure())),
        }
    }

    fn terms_of_exchange(&self, deadline: Duration, limit: usize) -> Terms {
        let mut terms = Terms::until(Instant::now() + deadline, limit);
        if self.errs_at(Item::Stall) {
            terms.first_byte = Timer::Never;
        }
        if self.errs_at(Item::SlowHead) {
            terms.head = Timer::EachRead(deadline);
        }
        if self.errs_at(Item::SlowBody) {
            terms.body = Timer::EachRead(deadline);
        }
        if self.errs_finely_at(Item::BodyLimit) {
            terms.limit_of_chunks = usize::MAX;
        }
        terms
    }

    fn carried(
        &self,
        request: &Request<Vec<u8>>,
        terms: &Terms,
    ) -> Result<Response<Vec<u8>>, Broken> {
        let reply = match self.send(request, terms) {
            Err(Broken::BeforeTheFirstByte) if self.errs_at(Item::OnePost) => {
                self.send(request, terms)
            }
            Err(Broken::NotSent) if self.errs_at(Item::ClosedPort) => {
                panic!("on purpose: there was a connection yesterday")
            }
            Err(Broken::NotHttp(bytes)) if self.errs_at(Item::NotHttp) => Ok(Response::new(bytes)),
            reply => reply,
        }?;
        if reply.status().is_redirection() {
            let next = led_on(request, &reply);
            let stays = next.uri().authority() == request.uri().authority();
            if self.errs_at(Item::TokenRedirects)
                || stays && self.errs_finely_at(Item::TokenRedirects)
            {
                return self.send(&next, terms);
            }
        }
        Ok(reply)
    }

    fn as_received(&self, mut reply: Response<Vec<u8>>) -> Response<Vec<u8>> {
        if self.errs_at(Item::ErrorBodies) && !reply.status().is_success() {
            reply.body_mut().clear();
        }
        if self.errs_at(Item::CompressionBomb) && reply.headers().contains_key(CONTENT_ENCODING) {
            reply.headers_mut().remove(CONTENT_ENCODING);
            return reply.map(|body| gunzip(&body));
        }
        reply
    }

    /// Sends any request of this driver's.
    pub(super) fn send(
        &self,
        request: &Request<Vec<u8>>,
        terms: &Terms,
    ) -> Result<Response<Vec<u8>>, Broken> {
        let mut request = request.clone();
        let kept = self.jar.lock().unwrap().clone();
        if let Some(cookie) = kept {
            request.headers_mut().insert(COOKIE, cookie);
        }
        let reply = match wire::send(&request, terms) {
            Err(Broken::InTheBody(reply)) if self.takes_a_part(&request) => Ok(*reply),
            reply => reply,
        }?;
        if self.errs_at(Item::NoCookies) {
            *self.jar.lock().unwrap() = reply.headers().get(SET_COOKIE).cloned();
        }
        Ok(reply)
    }
}

impl Source {
    fn takes_a_part(&self, request: &Request<Vec<u8>>) -> bool {
        let is_call = request.uri().path().starts_with("/api/");
        self.errs_at(Item::TruncatedResponses) || is_call && self.errs_finely_at(Item::TruncatedResponses)
    }
}

/// The same request, to where this redirect leads.
pub(super) fn led_on(request: &Request<Vec<u8>>, reply: &Response<Vec<u8>>) -> Request<Vec<u8>> {
    let location = reply.headers()[LOCATION].to_str().unwrap();
    let absolute = if location.starts_with('/') {
        format!("http://{}{location}", request.uri().authority().unwrap())
    } else {
        location.to_owned()
    };
    let mut request = request.clone();
    *request.uri_mut() = absolute.parse::<Uri>().unwrap();
    request
}
