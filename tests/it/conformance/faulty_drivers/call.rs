//! One API call of a faulty driver.

use std::error::Error;
use std::sync::Arc;
use std::time::{Duration, Instant};

use edx_auth_core::{
    ApiCall, ApiRequest, CallBody, CallError, CallStep, Invalidation, Moment, Need, Verdict,
};
use edx_auth_testkit::conformance::Item;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE};
use http::uri::Authority;
use http::{HeaderValue, Method, Request, Response, StatusCode};

use super::exchange::redirected;
use super::source::Source;
use super::wire::{Broken, Terms, Timer};

pub(super) type CallResult = Result<Response<Vec<u8>>, Box<dyn Error + Send + Sync>>;

/// A call in progress.
struct Call<'a> {
    source: &'a Arc<Source>,
    steps: ApiCall,
    original: Request<Vec<u8>>,
    /// Whether the body is left out from now on.
    has_lost_body: bool,
    /// The URL of the last request.
    last_sent_to: Option<Authority>,
    /// How far this call's clock is ahead.
    ahead: Duration,
    /// How many extra retries the fault adds.
    beyond: usize,
    /// How many responses were a 401.
    rejections: usize,
}

impl Source {
    pub(super) fn call(self: &Arc<Self>, request: Request<Vec<u8>>) -> CallResult {
        let url = request.uri().to_string();
        let call = match self.new_call(&request) {
            Ok(call) => call,
            Err(_) if self.has_fault(Item::OutsideOrigins) && url.starts_with("http:") => {
                return self.call_anyway(request);
            }
            Err(error) => return Err(error.into()),
        };
        let call = Call {
            source: self,
            steps: call,
            original: request,
            has_lost_body: false,
            last_sent_to: None,
            ahead: Duration::ZERO,
            beyond: usize::from(self.has_fault(Item::ReplayedOnce)),
            rejections: 0,
        };
        call.run()
    }

    fn new_call(&self, request: &Request<Vec<u8>>) -> Result<ApiCall, edx_auth_core::UrlError> {
        let url = request.uri().to_string();
        let body = if request.body().is_empty() {
            CallBody::Empty
        } else {
            CallBody::Repeatable
        };
        let origins = self.setup.origins.clone();
        let call = ApiCall::new(request.method().clone(), &url, origins)?;
        let call = call.headers(request.headers().clone()).body(body);
        Ok(call.timeout(self.setup.timeout))
    }

    /// Calls a URL that the token must not be sent to.
    fn call_anyway(self: &Arc<Self>, mut request: Request<Vec<u8>>) -> CallResult {
        let token = self.token(Need::any(), self.setup.timeout)?;
        let authorization = token.authorization().clone();
        request.headers_mut().insert(AUTHORIZATION, authorization);
        self.send_once(&request)
    }

    fn send_once(&self, request: &Request<Vec<u8>>) -> CallResult {
        let end = Instant::now() + self.setup.timeout;
        let response = self.send(request, &Terms::until(end, usize::MAX));
        response.map_err(|broken| broken.failure().into())
    }
}

impl Call<'_> {
    fn run(mut self) -> CallResult {
        let mut received = None;
        loop {
            match self.next_step() {
                CallStep::Wait(wait) => self.source.sleep(wait),
                CallStep::Send(request) => match self.send(request) {
                    Ok(response) if self.keeps_to_itself(&response) => {
                        return self.unreported(response);
                    }
                    Ok(response) => {
                        let peeked = response.body().len().min(ApiCall::PEEK);
                        let beginning = &response.body()[..peeked];
                        let (status, headers) = (response.status(), response.headers());
                        self.steps.on_response(status, headers, beginning);
                        received = Some(response);
                    }
                    Err(error) => return Err(error),
                },
                CallStep::Deliver {
                    token_error: Some(error),
                    ..
                } if self.source.has_fault(Item::RejectionDelivered) => return Err(error.into()),
                CallStep::Deliver { verdict, .. } => {
                    if verdict == Verdict::TokenRejected && self.beyond > 0 {
                        self.beyond -= 1;
                        self.steps = self.source.new_call(&self.original)?;
                        continue;
                    }
                    return self.deliver(received.unwrap(), verdict);
                }
                CallStep::Fail(CallError::Token(_))
                    if self.source.has_fault(Item::CallWithoutToken) =>
                {
                    return self.source.send_once(&self.original);
                }
                CallStep::Fail(error) => return Err(error.into()),
            }
        }
    }

    /// Reports whether the driver does not tell the core of this response.
    fn keeps_to_itself(&mut self, response: &Response<Vec<u8>>) -> bool {
        let is_rejection = response.status() == StatusCode::UNAUTHORIZED;
        self.rejections += usize::from(is_rejection);
        let is_of_a_replay = self.rejections > 1;
        is_rejection
            && (self.source.has_subtle_fault(Item::RejectionReported)
                || self.source.has_fault(Item::RejectionReported) && is_of_a_replay)
    }

    /// Delivers a rejection, or replays the call without the core.
    fn unreported(self, response: Response<Vec<u8>>) -> CallResult {
        if self.source.has_fault(Item::RejectionReported) {
            return Ok(response);
        }
        self.replace_token();
        self.source.call_anyway(self.original)
    }

    fn next_step(&mut self) -> CallStep {
        let now = self.now();
        let step = self.steps.poll(&mut self.source.lock(), now);
        self.source.start_work();
        let source = self.source;
        match (self.steps.take_rejection(), &step) {
            (None, _) => {}
            (Some((_, Invalidation::TooYoung { .. })), _) if source.has_fault(Item::YoungToken) => {
                self.replace_token();
            }
            (Some((_, Invalidation::TooYoung { .. })), CallStep::Wait(wait))
                if source.has_subtle_fault(Item::YoungToken) =>
            {
                self.ahead = *wait;
            }
            (Some((_, Invalidation::AlreadyReplaced)), _)
                if source.has_fault(Item::RejectedTogether) =>
            {
                self.replace_token();
            }
            (Some(_), _) => self.has_lost_body = source.has_fault(Item::BodyReplayed),
        }
        step
    }

    /// Requests a token although there is one.
    fn replace_token(&self) {
        let need = self.source.lock().renew_now();
        let _unused = self.source.token(need, self.source.setup.timeout);
    }

    fn now(&self) -> Moment {
        let now = self.source.now();
        Moment {
            monotonic: now.monotonic + self.ahead,
            wall: now.wall + self.ahead,
        }
    }

    /// Sends a request until there is a response, or the call says that there is none.
    fn send(&mut self, request: ApiRequest) -> CallResult {
        let mut terms = Terms::until(Instant::now() + request.timeout(), usize::MAX);
        if self.source.has_fault(Item::CallTimeout) {
            terms.body = Timer::EachRead(self.source.setup.timeout);
        }
        let request = self.complete(request);
        let mut again = 0;
        loop {
            let broken = match self.source.send(&request, &terms) {
                Ok(response) => return Ok(response),
                Err(broken) => broken,
            };
            if self.is_sent_again(&broken, again) {
                again += 1;
                continue;
            }
            if self.source.has_fault(Item::BrokenGet) {
                return Err(broken.failure().into());
            }
            self.steps.on_failure(broken.failure());
            match self.next_step() {
                // The call decides to send the same request again.
                CallStep::Send(_) => {}
                CallStep::Fail(_) if self.source.has_fault(Item::SecretsInErrors) => {
                    let sent = request.headers()[AUTHORIZATION].to_str().unwrap();
                    return Err(format!("{} while it sent {sent}", broken.failure()).into());
                }
                CallStep::Fail(error) => return Err(error.into()),
                step => panic!("a failure leads to a retry or ends the call: {step:?}"),
            }
        }
    }

    /// Adds the body and, if the driver has one, the fault of the request.
    fn complete(&mut self, request: ApiRequest) -> Request<Vec<u8>> {
        let source = self.source;
        let mut request = request.with_body(self.original.body().clone());
        let authority = request.uri().authority().cloned();
        let last = std::mem::replace(&mut self.last_sent_to, authority);
        let has_left = last.is_some_and(|last| Some(&last) != self.last_sent_to.as_ref());
        self.has_lost_body |= has_left && source.has_subtle_fault(Item::RedirectsInside);
        if self.has_lost_body {
            request.body_mut().clear();
        }
        let headers = request.headers_mut();
        if has_left && source.has_fault(Item::RedirectsInside) {
            headers.remove(AUTHORIZATION);
        }
        let original = self.original.headers();
        for (name, is_kept) in [
            (CONTENT_TYPE, source.has_fault(Item::RedirectHeaders)),
            (COOKIE, source.has_subtle_fault(Item::RedirectHeaders)),
        ] {
            if let Some(value) = original.get(&name).filter(|_| is_kept) {
                headers.insert(name, value.clone());
            }
        }
        if source.has_subtle_fault(Item::TokenAttached) {
            headers.extend(
                original
                    .get(AUTHORIZATION)
                    .map(|own| (AUTHORIZATION, own.clone())),
            );
        }
        if source.has_fault(Item::TokenAttached) {
            let value = headers[AUTHORIZATION].to_str().unwrap();
            let opaque = value.replacen("Bearer ", "JWT ", 1);
            headers.insert(AUTHORIZATION, HeaderValue::try_from(opaque).unwrap());
        }
        request
    }

    fn is_sent_again(&self, broken: &Broken, again: usize) -> bool {
        let method = self.steps.method();
        broken.may_be_sent()
            && (self.source.has_subtle_fault(Item::BrokenGet) && *method == Method::GET
                || self.source.has_fault(Item::BrokenPost) && *method == Method::POST && again == 0)
    }

    fn deliver(self, mut response: Response<Vec<u8>>, verdict: Verdict) -> CallResult {
        let source = self.source;
        if verdict == Verdict::TokenRejected && source.has_subtle_fault(Item::ReplayedOnce) {
            response.body_mut().truncate(ApiCall::PEEK);
        }
        if source.has_subtle_fault(Item::ApiResponses) {
            response.headers_mut().clear();
        }
        if source.has_fault(Item::ApiResponses) && response.status().is_server_error() {
            return Err("the server is in trouble".into());
        }
        if verdict == Verdict::Redirected && source.has_fault(Item::RedirectsOutside) {
            return source.send_once(&redirected(&self.original, &response));
        }
        Ok(response)
    }
}
