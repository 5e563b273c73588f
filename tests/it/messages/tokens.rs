//! Messages about the token request, the wait for a token, and the token.

use std::io::{self, ErrorKind};
use std::time::Duration;

use edx_auth_core::StoredTokenError::{Empty, Expired, Older, Unchanged};
use edx_auth_core::{
    AccessToken, Acquire, ClientCredentials, ExchangeError, Jitter, Moment, Need, RenewalPolicy,
    StoredToken, TokenAgent, TokenEndpoint, TokenError, TokenRequest, TokenType, TransportError,
    TransportFailure, WaitBudget, Work,
};
use edx_auth_driver::{StoreError, StorePart};
use edx_auth_testkit::Timeline;
use http::{Response, StatusCode};

use super::list::List;

pub(super) fn list(list: &mut List) {
    list.section("The token request");
    for failure in failures() {
        list.report(request(LMS, "s3cret").begin().1.fail(failure));
    }
    for (site, secret, status, body) in RESPONSES {
        list.report(responded(&request(site, secret), status, body));
    }
    list.section("The wait for a token");
    for error in waits() {
        list.report(error);
    }
    list.section("The token");
    let opaque = AccessToken::new(TokenType::Jwt, "opaque").unwrap();
    let error = opaque.claims().unwrap_err();
    list.error(error, error.advice());
    for bytes in [&b"edx-auth-token/9999 "[..], b"?"] {
        let error = StoredToken::from_bytes(bytes).unwrap_err();
        list.error(error, error.advice());
    }
    for error in [Empty, Expired, Older, Unchanged] {
        list.error(error, error.advice());
    }
    list.section("The token store");
    for error in stores() {
        list.error(&error, error.advice());
    }
}

/// Every error of a token store.
fn stores() -> [StoreError; 12] {
    let no_locks = || io::Error::from(ErrorKind::Unsupported);
    [
        StoreError::Busy,
        StoreError::Hangs,
        StoreError::NoLocks(no_locks()),
        StoreError::Foreign(StorePart::Folder),
        StoreError::Open(StorePart::TokenFile),
        StoreError::OtherKind(StorePart::LockFile),
        StoreError::TooLarge,
        StoreError::NoCache,
        StoreError::OtherRequest,
        StoreError::Token(Empty),
        StoreError::Io(no_locks()),
        StoreError::other("the disk is gone"),
    ]
}

/// Every failure of a transport, some of them with what an HTTP client says about it.
pub(super) fn failures() -> [TransportError; 11] {
    let status = StatusCode::OK;
    let with = |failure, cause: &str| TransportError::from(failure).with_cause(cause);
    let unreachable = io::Error::from(ErrorKind::ConnectionRefused);
    [
        with(
            TransportFailure::NotSent,
            "failed to lookup address information",
        ),
        TransportError::from(TransportFailure::NotSent).with_cause(unreachable),
        with(
            proxy(StatusCode::PROXY_AUTHENTICATION_REQUIRED),
            "http://proxy.example.org:3128: tunnel error: proxy authorization required",
        ),
        with(
            proxy(StatusCode::FORBIDDEN),
            "CONNECT proxy failed: proxy server responded 403/403",
        ),
        with(
            TransportFailure::NotTrusted,
            "invalid peer certificate: UnknownIssuer",
        ),
        TransportFailure::NoRoots.into(),
        TransportFailure::MaybeSent.into(),
        TransportFailure::TimedOut.into(),
        TransportFailure::HeadTooLarge.into(),
        TransportFailure::TooLarge { status }.into(),
        TransportFailure::Redirected.into(),
    ]
}

fn proxy(status: StatusCode) -> TransportFailure {
    let status = Some(status);
    TransportFailure::ProxyRejected { status }
}

fn responded(request: &TokenRequest, status: u16, body: &str) -> ExchangeError {
    let mut response = Response::builder().status(status);
    if status == 302 {
        response = response.header("location", "https://www.example.org/login");
    }
    if body == GZIP {
        response = response.header("content-encoding", "gzip");
    }
    let response = response.body(body.as_bytes()).unwrap();
    request.begin().1.finish(response).unwrap_err()
}

fn waits() -> [TokenError; 9] {
    let sealed = "the vault is sealed";
    [
        failure(agent(), |_| ()),
        failure(agent(), |agent| {
            agent.on_worker_lost(NOW, Jitter::NONE);
        }),
        failure(agent().with_provided_credentials(), |agent| {
            let Some(Work::Credentials(ticket)) = agent.poll_work(NOW) else {
                panic!("the program is asked for credentials")
            };
            agent.on_credentials(ticket, Err(sealed.into()), NOW, Jitter::NONE);
        }),
        failure(agent(), |agent| respond(agent, 503, "", NOW)),
        failure(agent(), |agent| respond(agent, 200, SHORT_LIVED, LATER)),
        failure(agent(), |agent| {
            let Some(Work::Exchange(ticket, _)) = agent.poll_work(NOW) else {
                panic!("a token is requested")
            };
            agent.on_over_limit(ticket, HOUR, NOW, Jitter::NONE);
        }),
        failure(TokenAgent::supplied(), |agent| {
            let Some(Work::Store(ticket)) = agent.poll_work(NOW) else {
                panic!("the token is read")
            };
            agent.on_stored(ticket, Err(Expired.into()), NOW, Jitter::NONE);
        }),
        rejected(),
        fixed(),
    ]
}

/// Returns the error of a caller that does not wait, after the first attempt ended like this.
fn failure(mut agent: TokenAgent, ends: impl FnOnce(&mut TokenAgent)) -> TokenError {
    let acquire = |agent: &mut TokenAgent, now| {
        let budget = WaitBudget::new(Duration::ZERO, now);
        agent.acquire(Need::any(), &budget, now)
    };
    let _elected = acquire(&mut agent, NOW);
    ends(&mut agent);
    error_of(acquire(&mut agent, LATER))
}

fn respond(agent: &mut TokenAgent, status: u16, body: &str, now: Moment) {
    let Some(Work::Exchange(ticket, _)) = agent.poll_work(NOW) else {
        panic!("a token is requested")
    };
    let response = Response::builder().status(status).body(body).unwrap();
    agent.on_response(ticket, response, now, Jitter::NONE);
}

/// Returns the error after an API rejected one fresh token after the other.
fn rejected() -> TokenError {
    let mut timeline = Timeline::new();
    loop {
        let need = match timeline.token_for(Need::any(), HOUR) {
            Ok(token) => {
                timeline.advance(Duration::from_secs(10));
                let _rejected = timeline.invalidate(&token);
                Need::any().newer_than(token.generation())
            }
            Err(error) => return error,
        };
        if let Err(error) = timeline.token_for(need, Duration::ZERO) {
            return error;
        }
    }
}

fn fixed() -> TokenError {
    let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
    let mut agent = TokenAgent::fixed(token);
    let newer = agent.renew_now();
    error_of(agent.acquire(newer, &WaitBudget::new(HOUR, NOW), NOW))
}

fn error_of(acquired: Acquire) -> TokenError {
    match acquired {
        Acquire::Failed(error) => error,
        other => panic!("there is no token: {other:?}"),
    }
}

fn agent() -> TokenAgent {
    TokenAgent::new(request(LMS, "s3cret"), RenewalPolicy::DEFAULT)
}

pub(super) fn request(site: &str, secret: &str) -> TokenRequest {
    let credentials = ClientCredentials::new("acme-api", secret).unwrap();
    TokenRequest::new(TokenEndpoint::open_edx(site).unwrap(), credentials)
}

pub(super) const LMS: &str = "https://courses.example.org";
const EDX: &str = "https://api.edx.org";

const HOUR: Duration = Duration::from_secs(60 * 60);
const NOW: Moment = Moment {
    monotonic: HOUR,
    wall: HOUR,
};

/// Within the lease of the first attempt.
const LATER: Moment = Moment {
    monotonic: Duration::from_secs(60 * 60 + 20),
    wall: Duration::from_secs(60 * 60 + 20),
};

const SHORT_LIVED: &str = r#"{"access_token": "a.b.c", "token_type": "JWT", "expires_in": 10}"#;
const HASH: &str = "pbkdf2_sha256$1$a$b=";
const GZIP: &str = "gzip";

/// Site, client secret, status and body.
#[rustfmt::skip] // read as a table
const RESPONSES: [(&str, &str, u16, &str); 38] = [
    (LMS, "s3cret", 401, r#"{"error": "invalid_client"}"#),
    (EDX, "s3cret", 401, r#"{"error": "invalid_client"}"#),
    (LMS, HASH, 401, r#"{"error": "invalid_client"}"#),
    (LMS, "s3cret", 401, r#"{"error": "invalid_client", "error_description": "Wrong."}"#),
    (LMS, "s3cret", 400, r#"{"error": "unauthorized_client"}"#),
    (EDX, "s3cret", 400, r#"{"error": "unauthorized_client"}"#),
    (LMS, "s3cret", 400, r#"{"error": "unsupported_grant_type"}"#),
    (LMS, "s3cret", 400, r#"{"error": "invalid_scope"}"#),
    (LMS, "s3cret", 400, r#"{"error": "invalid_request"}"#),
    (LMS, "s3cret", 400, r#"{"error": "account_frozen"}"#),
    (LMS, "s3cret", 400, r#"{"error": "invalid_grant"}"#),
    (LMS, "s3cret", 400, "<h1>400 Bad Request</h1>"),
    (LMS, "s3cret", 401, "<html>Password</html>"),
    (EDX, "s3cret", 404, ""),
    ("https://studio.example.org", "s3cret", 404, ""),
    ("https://example.org/oauth2/v1", "s3cret", 404, ""),
    (LMS, "s3cret", 404, "<html>Not Found</html>"),
    (LMS, "s3cret", 405, ""),
    (LMS, "s3cret", 302, ""),
    (LMS, "s3cret", 407, ""),
    (LMS, "s3cret", 413, ""),
    (LMS, "s3cret", 511, "<html>Log in</html>"),
    (LMS, "s3cret", 429, ""),
    (LMS, "s3cret", 403, "<html>Forbidden</html>"),
    (LMS, "s3cret", 503, "<html>Sorry</html>"),
    (LMS, "s3cret", 200, "<html>Maintenance</html>"),
    (LMS, "s3cret", 201, "<html>Maintenance</html>"),
    (LMS, "s3cret", 200, ""),
    (LMS, "s3cret", 200, GZIP),
    (LMS, "s3cret", 200, "ok"),
    (LMS, "s3cret", 200, r#"{"access_token": 7}"#),
    (LMS, "s3cret", 200, "{}"),
    (LMS, "s3cret", 200, r#"{"access_token": "a b", "token_type": "JWT", "expires_in": 9}"#),
    (LMS, "s3cret", 200, r#"{"access_token": "a.b.c", "token_type": "Bearer", "expires_in": 9}"#),
    (LMS, "s3cret", 200, r#"{"access_token": "a", "token_type": "JWT", "expires_in": -1}"#),
    (LMS, "s3cret", 200, r#"{"access_token": "a", "token_type": "JWT", "expires_in": 1}"#),
    (LMS, "s3cret", 101, ""),
    (LMS, "s3cret", 418, "{}"),
];
