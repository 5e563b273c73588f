//! One token request of a faulty driver.

use std::time::{Duration, Instant};

use edx_auth_core::{FormBody, TransportRules};
use edx_auth_testkit::conformance::Item;
use http::header::{ACCEPT_ENCODING, CONTENT_ENCODING, COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderValue, Request, Response, Uri};

use super::inflate::gunzip;
use super::source::Source;
use super::wire::{self, Broken, Terms, Timer};

impl Source {
    pub(super) fn exchange(
        &self,
        request: Request<FormBody>,
        rules: TransportRules,
    ) -> Result<Response<Vec<u8>>, Broken> {
        let mut request = request.map(|form| form.as_ref().to_vec());
        if self.has_fault(Item::RequestAsGiven) {
            let both = HeaderValue::from_static("gzip, identity");
            request.headers_mut().insert(ACCEPT_ENCODING, both);
        }
        if self.has_subtle_fault(Item::RequestAsGiven) {
            request.body_mut().extend(b"&scope=");
        }
        let limit = if self.has_fault(Item::BodyLimit) {
            1024 * 1024
        } else {
            rules.body_limit()
        };
        let mut terms = self.terms_of_exchange(rules.deadline(), limit);
        if self.has_fault(Item::ConnectTimeout) {
            terms.connect = rules.deadline();
        }
        let response = self.carried(&request, &terms)?;
        Ok(self.as_received(response))
    }

    fn terms_of_exchange(&self, deadline: Duration, limit: usize) -> Terms {
        let mut terms = Terms::until(Instant::now() + deadline, limit);
        if self.has_fault(Item::Stall) {
            terms.first_byte = Timer::Never;
        }
        if self.has_fault(Item::SlowHead) {
            terms.head = Timer::EachRead(deadline);
        }
        if self.has_fault(Item::SlowBody) {
            terms.body = Timer::EachRead(deadline);
        }
        if self.has_subtle_fault(Item::BodyLimit) {
            terms.limit_of_chunks = usize::MAX;
        }
        terms
    }

    fn carried(
        &self,
        request: &Request<Vec<u8>>,
        terms: &Terms,
    ) -> Result<Response<Vec<u8>>, Broken> {
        let response = match self.send(request, terms) {
            Err(Broken::BeforeTheFirstByte) if self.has_fault(Item::OnePost) => {
                self.send(request, terms)
            }
            Err(Broken::NotSent) if self.has_fault(Item::ClosedPort) => {
                panic!("on purpose")
            }
            Err(Broken::NotHttp(bytes)) if self.has_fault(Item::NotHttp) => {
                Ok(Response::new(bytes))
            }
            response => response,
        }?;
        if response.status().is_redirection() {
            let next = redirected(request, &response);
            let stays = next.uri().authority() == request.uri().authority();
            if self.has_fault(Item::TokenRedirects)
                || stays && self.has_subtle_fault(Item::TokenRedirects)
            {
                return self.send(&next, terms);
            }
        }
        Ok(response)
    }

    fn as_received(&self, mut response: Response<Vec<u8>>) -> Response<Vec<u8>> {
        if self.has_fault(Item::ErrorBodies) && !response.status().is_success() {
            response.body_mut().clear();
        }
        if self.has_subtle_fault(Item::ErrorBodies) && !response.status().is_success() {
            response.headers_mut().clear();
        }
        if self.has_fault(Item::CompressionBomb)
            && response.headers().contains_key(CONTENT_ENCODING)
        {
            response.headers_mut().remove(CONTENT_ENCODING);
            return response.map(|body| gunzip(&body));
        }
        response
    }

    /// Sends any request of this driver.
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
        let response = match wire::send(&request, terms) {
            Err(Broken::InTheBody(response)) if self.takes_a_part(&request) => Ok(*response),
            response => response,
        }?;
        if self.has_fault(Item::NoCookies) {
            *self.jar.lock().unwrap() = response.headers().get(SET_COOKIE).cloned();
        }
        Ok(response)
    }
}

impl Source {
    fn takes_a_part(&self, request: &Request<Vec<u8>>) -> bool {
        let is_call = request.uri().path().starts_with("/api/");
        self.has_fault(Item::TruncatedResponses)
            || is_call && self.has_subtle_fault(Item::TruncatedResponses)
    }
}

/// Returns the same request to where this redirect leads.
pub(super) fn redirected(
    request: &Request<Vec<u8>>,
    response: &Response<Vec<u8>>,
) -> Request<Vec<u8>> {
    let location = response.headers()[LOCATION].to_str().unwrap();
    let absolute = if location.starts_with('/') {
        format!("http://{}{location}", request.uri().authority().unwrap())
    } else {
        location.to_owned()
    };
    let mut request = request.clone();
    *request.uri_mut() = absolute.parse::<Uri>().unwrap();
    request
}
