//! A simulation around one call, with servers and an agent. It notes every broken law.

use core::time::Duration;
use std::format;
use std::vec::Vec;

use http::header::{
    ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH,
    CONTENT_LOCATION, CONTENT_TYPE, COOKIE, HOST, LOCATION, PROXY_AUTHORIZATION, TRANSFER_ENCODING,
    WWW_AUTHENTICATE,
};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};

use super::Law;
use super::script::{LOCATIONS, Script, ServerResponse, Turn, Work};
use crate::agent::{self, TokenAgent};
use crate::call::{ApiCall, ApiRequest, CallBody, CallStep};
use crate::error::TransportFailure;
use crate::exchange::{ClientCredentials, TokenEndpoint, TokenRequest};
use crate::jitter::Jitter;
use crate::lifecycle::{Invalidation, RenewalPolicy};
use crate::resource::{Origins, Verdict};
use crate::time::Moment;
use crate::token::{AccessToken, TokenType};

pub(super) struct World<'a> {
    script: &'a Script,
    agent: TokenAgent,
    call: ApiCall,
    now: Moment,
    deadline: Duration,
    tokens: u64,
    last: Option<Sending>,
    counts: Counts,
    broken: Vec<Law>,
}

/// The last request, and its result.
struct Sending {
    method: Method,
    uri: Uri,
    authorization: HeaderValue,
    /// The caller's headers, which a second request has to carry too.
    kept: HeaderMap,
    end: End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Rejected,
    Redirected,
    Failed(TransportFailure),
    Other,
}

#[derive(Default)]
struct Counts {
    replays: u32,
    resends: u32,
    redirects: u32,
    bodies: u32,
}

impl<'a> World<'a> {
    /// Returns the laws that this call breaks.
    pub(super) fn perform(script: &'a Script) -> Vec<Law> {
        let mut world = Self::new(script);
        for turn in &script.turns {
            if !world.take(turn) {
                return world.broken;
            }
        }
        world.pass(world.deadline.saturating_sub(world.now.monotonic));
        let step = world.call.poll(&mut world.agent, world.now);
        let has_ended = matches!(step, CallStep::Deliver { .. } | CallStep::Fail(_));
        world.check(Law::CallsEndByTheirDeadline, has_ended);
        world.broken
    }

    fn new(script: &'a Script) -> Self {
        let token = AccessToken::new(TokenType::Jwt, "fixed").unwrap();
        let credentials = ClientCredentials::new("id", "secret").unwrap();
        let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
        let call = ApiCall::new(script.method.clone(), URL, Origins::edx()).unwrap();
        Self {
            script,
            agent: if script.is_fixed {
                TokenAgent::fixed(token)
            } else {
                TokenAgent::new(request, RenewalPolicy::DEFAULT)
            },
            call: call
                .headers(script.headers.clone())
                .body(script.body)
                .timeout(script.timeout),
            now: Moment::default(),
            deadline: script.timeout,
            tokens: 0,
            last: None,
            counts: Counts::default(),
            broken: Vec::new(),
        }
    }

    fn pass(&mut self, time: Duration) {
        self.now.monotonic += time;
        self.now.wall += time;
    }

    /// Takes one turn. Reports whether the call continues.
    fn take(&mut self, turn: &Turn) -> bool {
        let left = self.deadline.saturating_sub(self.now.monotonic);
        let step = self.call.poll(&mut self.agent, self.now);
        let goes_on = matches!(step, CallStep::Send(_) | CallStep::Wait(_));
        self.check(Law::CallsEndByTheirDeadline, !(goes_on && left.is_zero()));
        match step {
            CallStep::Send(request) => self.send(request, turn, left),
            CallStep::Wait(wait) => {
                let is_bounded = !wait.is_zero() && wait <= left;
                self.check(Law::CallWaitsAreBounded, is_bounded);
                self.report_nothing();
                self.work(turn.work);
                self.pass(wait / 8 * turn.eighths);
            }
            CallStep::Deliver { .. } | CallStep::Fail(_) => {
                self.report_nothing();
                let before = format!("{step:?}");
                self.pass(turn.latency);
                let after = self.call.poll(&mut self.agent, self.now);
                self.check(Law::EndsAreFinal, before == format!("{after:?}"));
            }
        }
        goes_on
    }

    fn send(&mut self, request: ApiRequest, turn: &Turn, left: Duration) {
        self.check(Law::CallsEndByTheirDeadline, request.timeout() == left);
        let has_body = request.has_body();
        let request = request.with_body(());
        self.check(Law::TokensStayInsideTheOrigins, is_inside(request.uri()));
        self.count(&request, has_body);
        let kept = self.kept(&request);
        self.check(Law::HeadersAreKept, self.seen(&request) == kept);
        if turn.is_rejected_elsewhere {
            let generation = self.agent.health(self.now).generation;
            let _invalidation = generation.map(|old| self.agent.invalidate(old, self.now));
        }
        self.pass(turn.latency);
        if turn.is_polled_early {
            self.poll_early();
        }
        let end = self.response(turn.response);
        self.last = Some(Sending {
            method: request.method().clone(),
            uri: request.uri().clone(),
            authorization: request.headers()[AUTHORIZATION].clone(),
            kept,
            end,
        });
    }

    /// Polls while the request is under way: the call waits for its deadline, or fails at it.
    fn poll_early(&mut self) {
        let left = self.deadline.saturating_sub(self.now.monotonic);
        let step = self.call.poll(&mut self.agent, self.now);
        let is_right = match step {
            CallStep::Wait(wait) => !left.is_zero() && wait == left,
            CallStep::Fail(_) => left.is_zero(),
            CallStep::Send(_) | CallStep::Deliver { .. } => false,
        };
        self.check(Law::CallsEndByTheirDeadline, is_right);
    }

    /// Counts why this request is sent once more, and checks that it may be.
    fn count(&mut self, request: &Request<()>, has_body: bool) {
        self.counts.bodies += u32::from(has_body);
        let is_once = self.script.body == CallBody::Once;
        self.check(Law::OnceMeansOnce, !is_once || self.counts.bodies <= 1);
        let rejection = self.call.take_rejection();
        let Some(last) = &self.last else {
            return;
        };
        let reads = [Method::GET, Method::HEAD].contains(&last.method);
        let is_same_token = last.authorization == request.headers()[AUTHORIZATION];
        match last.end {
            End::Rejected => {
                self.counts.replays += 1;
                let is_young = matches!(rejection, Some((_, Invalidation::TooYoung { .. })));
                self.check(Law::ReplaysTakeANewerToken, is_young == is_same_token);
                self.check(Law::OneReplay, self.counts.replays <= 1);
            }
            End::Failed(failure) => {
                self.counts.resends += 1;
                let is_safe =
                    reads && !(is_once && has_body) && failure == TransportFailure::MaybeSent;
                self.check(Law::OneSafeResend, is_safe && self.counts.resends <= 1);
            }
            End::Redirected => {
                self.counts.redirects += 1;
                self.check(Law::RedirectsAreBounded, self.counts.redirects <= 10);
            }
            End::Other => self.check(Law::EndsAreFinal, false),
        }
    }

    /// Returns the caller's headers that this request has to carry.
    fn kept(&self, request: &Request<()>) -> HeaderMap {
        let Some(last) = &self.last else {
            return self.without_own(self.script.headers.clone());
        };
        let mut kept = last.kept.clone();
        if *request.method() != last.method {
            for name in OF_A_BODY {
                kept.remove(name);
            }
        }
        if origin(request.uri()) != origin(&last.uri) {
            for name in [COOKIE, HOST, PROXY_AUTHORIZATION] {
                kept.remove(name);
            }
        }
        kept
    }

    /// Returns the headers of this request without those that the call itself added.
    fn seen(&self, request: &Request<()>) -> HeaderMap {
        let mut headers = request.headers().clone();
        for name in [ACCEPT, ACCEPT_LANGUAGE] {
            if !self.script.headers.contains_key(&name) {
                headers.remove(name);
            }
        }
        self.without_own(headers)
    }

    /// Removes the headers of the caller that the call replaces: the token replaces any
    /// `Authorization`, and the HTTP client counts the bytes of a body.
    fn without_own(&self, mut headers: HeaderMap) -> HeaderMap {
        headers.remove(AUTHORIZATION);
        if self.script.body != CallBody::Once {
            headers.remove(CONTENT_LENGTH);
        }
        headers
    }

    fn response(&mut self, response: ServerResponse) -> End {
        let (status, name, value, body) = match response {
            ServerResponse::Failure(failure) => {
                self.call.on_failure(failure);
                return End::Failed(failure);
            }
            ServerResponse::Redirect(status, to) => (status, LOCATION, LOCATIONS[to], &b""[..]),
            ServerResponse::Status(status) => (status, ACCEPT, "", &b""[..]),
            ServerResponse::InvalidToken => {
                (403, ACCEPT, "", &br#"{"detail": "Invalid token."}"#[..])
            }
            ServerResponse::OtherChallenge => (401, WWW_AUTHENTICATE, "Basic", &b""[..]),
        };
        let status = StatusCode::from_u16(status).unwrap();
        let headers = HeaderMap::from_iter([(name, HeaderValue::from_static(value))]);
        self.call.on_response(status, &headers, body);
        match Verdict::of(status, &headers, body) {
            Verdict::TokenRejected => End::Rejected,
            Verdict::Redirected => End::Redirected,
            _ => End::Other,
        }
    }

    /// Reports a response and a failure although no request is out.
    fn report_nothing(&mut self) {
        let before = format!("{:?}", self.call);
        self.call
            .on_response(StatusCode::OK, &HeaderMap::new(), b"");
        self.call.on_failure(TransportFailure::TimedOut);
        let is_same = before == format!("{:?}", self.call);
        self.check(Law::ReportsNeedARequest, is_same);
    }

    fn work(&mut self, work: Option<Work>) {
        let Some(work) = work else { return };
        let Some(agent::Work::Exchange(ticket, _)) = self.agent.poll_work(self.now) else {
            return;
        };
        self.tokens += 1;
        let token = self.tokens;
        let (status, body) = match work {
            Work::Issue { life } => (
                200,
                format!(
                    r#"{{"access_token": "t{token}", "token_type": "JWT", "expires_in": {life}}}"#
                ),
            ),
            Work::Fail => (503, std::string::String::new()),
            Work::Deny => (401, r#"{"error": "invalid_client"}"#.into()),
        };
        let response = Response::builder().status(status).body(body).unwrap();
        let _event = self
            .agent
            .on_response(ticket, response, self.now, Jitter::NONE);
    }

    fn check(&mut self, law: Law, holds: bool) {
        if !holds {
            self.broken.push(law);
        }
    }
}

fn is_inside(uri: &Uri) -> bool {
    let hosts = ["api.edx.org", "discovery.edx.org", "courses.edx.org"];
    let authority = uri
        .authority()
        .map(|authority| authority.as_str().to_lowercase());
    let authority = authority.unwrap_or_default();
    let host = authority.strip_suffix(":443").unwrap_or(&authority);
    uri.scheme_str() == Some("https") && hosts.contains(&host)
}

fn origin(uri: &Uri) -> (Option<&str>, Option<std::string::String>, u16) {
    let host = uri.host().map(str::to_lowercase);
    (uri.scheme_str(), host, uri.port_u16().unwrap_or(443))
}

const URL: &str = "https://api.edx.org/a/";

const OF_A_BODY: [http::HeaderName; 6] = [
    CONTENT_ENCODING,
    CONTENT_LANGUAGE,
    CONTENT_LENGTH,
    CONTENT_LOCATION,
    CONTENT_TYPE,
    TRANSFER_ENCODING,
];
