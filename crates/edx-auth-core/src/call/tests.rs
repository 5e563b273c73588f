//! Tests of an API call over a real agent: each rule at its limits.
#![expect(
    clippy::unchecked_time_subtraction,
    reason = "the moment just before a deadline, which is a constant"
)]

mod deadline;
mod errors;
mod redirects;
mod rejections;
mod requests;
mod retries;
mod states;

use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use http::header::{ACCEPT, ACCEPT_LANGUAGE, AUTHORIZATION};
use http::{HeaderValue, Request, Response};

use http::header::LOCATION;

use super::*;
use crate::agent::Acquire;
use crate::agent::{Work, WorkKind};
use crate::exchange::{ClientCredentials, TokenEndpoint, TokenRequest};
use crate::jitter::Jitter;
use crate::lifecycle::{RenewalError, RenewalPolicy};
use crate::token::{AccessToken, TokenType};

const MILLI: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

/// How long a caller waits for a token.
const TOKEN_TIMEOUT: Duration = Duration::from_secs(25);

const URL: &str = "https://api.edx.org/catalog/v1/catalogs";

fn call(method: Method) -> ApiCall {
    ApiCall::new(method, URL, Origins::edx()).unwrap()
}

fn headers(fields: &[(&'static str, &'static str)]) -> HeaderMap {
    let fields = fields.iter().map(|(name, value)| {
        let name = http::HeaderName::from_static(name);
        (name, HeaderValue::from_static(value))
    });
    fields.collect()
}

/// A call, its agent and the time.
struct Scene {
    agent: TokenAgent,
    call: ApiCall,
    passed: Duration,
    issued: u32,
}

impl Scene {
    /// Creates a scene with this call and a fixed token.
    fn fixed(call: ApiCall) -> Self {
        let token = AccessToken::new(TokenType::Jwt, "fixed").unwrap();
        Self::new(TokenAgent::fixed(token), call)
    }

    /// Creates a scene with this call and an agent without a token.
    fn empty(call: ApiCall) -> Self {
        let credentials = ClientCredentials::new("acme", "s3cret").unwrap();
        let request = TokenRequest::new(TokenEndpoint::edx(), credentials);
        Self::new(TokenAgent::new(request, RenewalPolicy::DEFAULT), call)
    }

    /// Creates a scene with this call and an agent whose token is one minute old.
    fn renewing(call: ApiCall) -> Self {
        let mut scene = Self::empty(call);
        let acquired = scene.acquire();
        assert!(matches!(acquired, Acquire::Wait(_)), "{acquired:?}");
        scene.issue();
        scene.pass(MINUTE);
        scene
    }

    fn new(agent: TokenAgent, call: ApiCall) -> Self {
        Self {
            agent,
            call,
            passed: Duration::ZERO,
            issued: 0,
        }
    }

    fn now(&self) -> Moment {
        Moment {
            monotonic: self.passed,
            wall: 1_000_000 * MINUTE + self.passed,
        }
    }

    fn pass(&mut self, time: Duration) {
        self.passed += time;
    }

    /// Lets another caller acquire a token.
    fn acquire(&mut self) -> Acquire {
        let now = self.now();
        let budget = self.agent.wait_budget(now);
        self.agent.acquire(Need::any(), &budget, now)
    }

    /// Takes the next token request, and reports this response to it.
    fn exchange(&mut self, status: u16, body: &str) {
        let now = self.now();
        let Some(Work::Exchange(ticket, _)) = self.agent.poll_work(now) else {
            panic!("no token request is next");
        };
        let response = Response::builder().status(status).body(body).unwrap();
        self.agent.on_response(ticket, response, now, Jitter::NONE);
    }

    /// Takes the next token request, and reports that it returned the token `issued1`, `issued2` ..
    fn issue(&mut self) {
        self.issued += 1;
        let token = format!("issued{}", self.issued);
        let body =
            format!(r#"{{"access_token": "{token}", "expires_in": 3600, "token_type": "JWT"}}"#);
        self.exchange(200, &body);
    }

    fn poll(&mut self) -> CallStep {
        let now = self.now();
        self.call.poll(&mut self.agent, now)
    }

    fn send(&mut self) -> ApiRequest {
        match self.poll() {
            CallStep::Send(request) => request,
            other => panic!("nothing is sent: {other:?}"),
        }
    }

    /// Sends the request and returns it with its body.
    fn sent(&mut self) -> Request<Vec<u8>> {
        self.send().with_body(b"body".to_vec())
    }

    /// Sends the request and returns its token.
    fn sent_token(&mut self) -> String {
        let sent = self.sent();
        let authorization = sent.headers()[AUTHORIZATION].to_str().unwrap();
        authorization.strip_prefix("JWT ").unwrap().to_owned()
    }

    fn wait(&mut self) -> Duration {
        match self.poll() {
            CallStep::Wait(wait) => wait,
            other => panic!("it does not wait: {other:?}"),
        }
    }

    fn delivered(&mut self) -> (Verdict, Option<TokenError>) {
        match self.poll() {
            CallStep::Deliver {
                verdict,
                token_error,
            } => (verdict, token_error),
            other => panic!("it is not delivered: {other:?}"),
        }
    }

    fn failed(&mut self) -> CallError {
        match self.poll() {
            CallStep::Fail(error) => error,
            other => panic!("it does not fail: {other:?}"),
        }
    }

    fn transport_failure(&mut self) -> TransportFailure {
        match self.failed() {
            CallError::Transport { error, .. } => error.failure(),
            CallError::Token(error) => panic!("it was sent: {error}"),
        }
    }

    fn respond(&mut self, status: u16) {
        let status = StatusCode::from_u16(status).unwrap();
        self.call.on_response(status, &HeaderMap::new(), b"");
    }

    fn reject(&mut self) {
        self.respond(401);
    }

    fn redirect(&mut self, status: u16, location: &str) {
        let status = StatusCode::from_u16(status).unwrap();
        let mut headers = HeaderMap::new();
        headers.insert(LOCATION, HeaderValue::from_str(location).unwrap());
        self.call.on_response(status, &headers, b"");
    }
}

/// Returns the delivered rejection of a call that got no newer token, and why.
fn rejection((verdict, token_error): (Verdict, Option<TokenError>)) -> Option<TokenError> {
    assert_eq!(verdict, Verdict::TokenRejected);
    token_error
}

#[test]
fn a_response_is_delivered_with_its_verdict() {
    for (status, verdict) in [
        (200, Verdict::Success),
        (204, Verdict::Success),
        (404, Verdict::NotFound),
        (403, Verdict::Forbidden),
        (503, Verdict::Unavailable { wait: None }),
    ] {
        let mut scene = Scene::fixed(call(Method::GET));
        let _request = scene.send();

        scene.respond(status);

        let (delivered, token_error) = scene.delivered();
        assert_eq!(delivered, verdict, "{status}");
        assert!(token_error.is_none(), "{status}");
        assert_eq!(scene.call.take_rejection(), None, "{status}");
    }
}

#[test]
fn a_deprecation_is_told_once_and_counted_for_each_response() {
    let mut scene = Scene::fixed(call(Method::GET));
    let since = headers(&[("deprecation", "@1798761600")]);
    let mut told = Vec::new();
    for _ in 0..3 {
        scene.call = call(Method::GET);
        let _request = scene.send();
        scene.call.on_response(StatusCode::OK, &since, b"");
        let _delivered = scene.delivered();
        let _delivered = scene.delivered();
        told.extend(scene.call.take_deprecation());
    }

    assert_eq!(told.len(), 1);
    assert_eq!(told[0].host, "api.edx.org");
    assert_eq!(scene.agent.health(scene.now()).deprecated, 3);
    let health = scene.agent.health(scene.now()).to_string();
    assert!(health.ends_with("rejected 0, deprecated 3"), "{health}");
}

#[test]
fn a_redirect_that_is_deprecated_is_told_by_its_own_path() {
    let mut scene = Scene::fixed(call(Method::GET));
    let _request = scene.send();
    let headers = headers(&[("sunset", "soon"), ("location", "/catalog/v2/catalogs/7/")]);
    scene.call.on_response(StatusCode::FOUND, &headers, b"");
    let _request = scene.send();

    let told = scene.call.take_deprecation().unwrap();
    scene.call.on_response(StatusCode::OK, &headers, b"");
    let _delivered = scene.delivered();
    let target = scene.call.take_deprecation().unwrap();

    assert_eq!(told.path, "/catalog/v1/catalogs");
    assert_eq!(target.path, "/catalog/v2/catalogs/{}/");
}

#[test]
fn a_deprecation_that_was_not_taken_yet_outlasts_a_known_one() {
    let mut scene = Scene::fixed(call(Method::GET));
    let headers = headers(&[("sunset", "soon"), ("location", "/catalog/v2/catalogs/")]);
    let target = "https://api.edx.org/catalog/v2/catalogs/";
    scene.call = ApiCall::new(Method::GET, target, Origins::edx()).unwrap();
    let _request = scene.send();
    scene.call.on_response(StatusCode::OK, &headers, b"");
    let _delivered = scene.delivered();
    scene.call = call(Method::GET);

    let _request = scene.send();
    scene.call.on_response(StatusCode::FOUND, &headers, b"");
    let _request = scene.send();
    scene.call.on_response(StatusCode::OK, &headers, b"");
    let _delivered = scene.delivered();

    let told = scene.call.take_deprecation().unwrap();
    assert_eq!(told.path, "/catalog/v1/catalogs");
    assert_eq!(scene.call.take_deprecation(), None);
}

#[test]
fn the_token_is_sent_only_to_allowed_origins() {
    let elsewhere = ApiCall::new(Method::GET, "https://evil.example/", Origins::edx());

    assert!(elsewhere.is_err());
}

#[test]
fn the_first_eight_kib_of_an_error_decide_its_verdict() {
    assert_eq!(ApiCall::PEEK, 8_192);
    for (status, len) in [(200, 0), (302, 0), (400, 8_192), (404, 8_192), (503, 8_192)] {
        let status = StatusCode::from_u16(status).unwrap();
        assert_eq!(ApiCall::peek_len(status), len, "{status}");
    }

    let detail = r#"{"detail":"Invalid token."}"#;
    for (spaces, verdict) in [
        (ApiCall::PEEK - detail.len(), Verdict::TokenRejected),
        (ApiCall::PEEK, Verdict::Forbidden),
    ] {
        let mut scene = Scene::fixed(call(Method::GET));
        let _request = scene.send();
        let body = " ".repeat(spaces) + detail;

        let headers = HeaderMap::new();
        scene
            .call
            .on_response(StatusCode::FORBIDDEN, &headers, body.as_bytes());

        assert_eq!(scene.delivered().0, verdict, "{spaces}");
    }
}

#[test]
fn a_reading_call_is_sent_again_after_one_broken_connection() {
    for (method, is_sent_again) in [
        (Method::GET, true),
        (Method::HEAD, true),
        (Method::POST, false),
        (Method::PUT, false),
        (Method::DELETE, false),
    ] {
        let mut scene = Scene::fixed(call(method.clone()));
        assert_eq!(scene.send().connection(), Connection::Kept, "{method}");
        scene.call.on_failure(TransportFailure::MaybeSent);

        if is_sent_again {
            assert_eq!(scene.send().connection(), Connection::New, "{method}");
            scene.call.on_failure(TransportFailure::MaybeSent);
        }

        let failure = scene.transport_failure();
        assert_eq!(failure, TransportFailure::MaybeSent, "{method}");
    }
}

#[test]
fn a_call_is_not_sent_again_after_other_failures() {
    for failure in [
        TransportFailure::NotSent,
        TransportFailure::NotTrusted,
        TransportFailure::TimedOut,
        TransportFailure::Redirected,
    ] {
        let mut scene = Scene::fixed(call(Method::GET));
        let _request = scene.send();

        scene.call.on_failure(failure);

        assert_eq!(scene.transport_failure(), failure);
    }
}

#[test]
fn a_body_that_can_be_sent_once_is_not_sent_again_after_a_broken_connection() {
    for (body, is_sent_again) in [
        (CallBody::Empty, true),
        (CallBody::Repeatable, true),
        (CallBody::Once, false),
    ] {
        let mut scene = Scene::fixed(call(Method::GET).body(body));
        let _request = scene.send();

        scene.call.on_failure(TransportFailure::MaybeSent);

        let is_sent = matches!(scene.poll(), CallStep::Send(_));
        assert_eq!(is_sent, is_sent_again, "{body:?}");
    }
}

#[test]
fn a_call_survives_only_one_broken_connection() {
    let mut scene = Scene::fixed(call(Method::GET));
    let _request = scene.send();
    scene.call.on_failure(TransportFailure::MaybeSent);
    let _request = scene.send();
    scene.redirect(302, "/there");
    let _request = scene.send();

    scene.call.on_failure(TransportFailure::MaybeSent);

    assert_eq!(scene.transport_failure(), TransportFailure::MaybeSent);
}
