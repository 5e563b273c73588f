//! Our code leaves no secret in freed memory.

use std::hint::black_box;

use edx_auth_core::{
    AccessToken, Acquire, ApiCall, CallStep, ClientCredentials, EnvConfig, Jitter, Moment, Need,
    Origins, RenewalError, RenewalPolicy, StoredToken, TokenAgent, TokenRequest, TokenType, Work,
};
use edx_auth_memory::{Leak, Watching};
use http::header::AUTHORIZATION;
use http::{HeaderMap, Method, Response, StatusCode};
use tokio::runtime::Builder;

use crate::site::{self, Responses};
use crate::{SECRET, request};

#[test]
fn the_core_leaves_no_secret_in_freed_memory() {
    let leaks = leaks_of(|| {
        for by_basic in [false, true] {
            let request = request("https://lms.example/oauth2/access_token");
            let request = if by_basic {
                request.basic_auth()
            } else {
                request
            };
            let (to_send, exchange) = request.begin();
            black_box(format!("{to_send:?} {request:?} {exchange:?}"));
            drop(exchange.finish(Response::new(BODY)).unwrap());
            live(request.clone(), BODY);
            for echo in ECHOES {
                let (_, exchange) = request.begin();
                let mut response = Response::new(*echo);
                *response.status_mut() = StatusCode::UNAUTHORIZED;
                let error = exchange.finish(response).unwrap_err();
                black_box(format!(
                    "{error} {error:?} {:?}",
                    RenewalError::from(error.clone())
                ));
            }
        }
        from_outside();
    });

    assert_eq!(leaks, []);
}

/// A server may escape a character of the token; the JSON reader unescapes it into a buffer that it does not
/// zero.
#[test]
fn only_the_json_reader_leaves_an_escaped_token() {
    let leaks = leaks_of(|| {
        live(
            request("https://lms.example/oauth2/access_token"),
            ESCAPED_BODY,
        );
    });

    assert_eq!(culprits(&leaks), ["serde_json"]);
}

#[test]
fn over_ureq_only_the_stack_leaves_secrets_in_freed_memory() {
    let address = site::start(RESPONSES);
    let leaks = leaks_of(|| {
        use edx_auth_ureq::{AuthorizedClient, TokenSource};
        for by_basic in [false, true] {
            let request = request(&format!("http://{address}/oauth2/access_token"));
            let request = if by_basic {
                request.basic_auth()
            } else {
                request
            };
            drop(edx_auth_ureq::exchange(&request).unwrap());
            let source = TokenSource::builder(request).credentials(|| Ok(credentials()));
            let client = AuthorizedClient::new(source.build().unwrap()).unwrap();
            let response = client.get(&format!("http://{address}/api/")).send();
            assert_eq!(response.unwrap().status(), 200);
            client.source().renew_now().unwrap();
            let mut headers = HeaderMap::new();
            let url = format!("http://{address}/api/");
            client.source().authorize(&mut headers, &url).unwrap();
        }
    });

    assert_eq!(culprits(&leaks), OF_UREQ, "{leaks:#?}");
}

#[test]
fn over_reqwest_only_the_stack_leaves_secrets_in_freed_memory() {
    let address = site::start(RESPONSES);
    let leaks = leaks_of(|| {
        use edx_auth_reqwest::{AuthorizedClient, TokenSource};
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        for by_basic in [false, true] {
            let request = request(&format!("http://{address}/oauth2/access_token"));
            let request = if by_basic {
                request.basic_auth()
            } else {
                request
            };
            drop(
                runtime
                    .block_on(edx_auth_reqwest::exchange(&request))
                    .unwrap(),
            );
            let source = TokenSource::builder(request).credentials(|| Ok(credentials()));
            let client = AuthorizedClient::new(source.build().unwrap()).unwrap();
            let call = client.get(&format!("http://{address}/api/")).send();
            assert_eq!(runtime.block_on(call).unwrap().status(), 200);
            runtime.block_on(client.source().renew_now()).unwrap();
            let mut headers = HeaderMap::new();
            let url = format!("http://{address}/api/");
            let authorized = client.source().authorize(&mut headers, &url);
            runtime.block_on(authorized).unwrap();
        }
    });

    assert_eq!(culprits(&leaks), OF_REQWEST, "{leaks:#?}");
}

#[test]
fn the_searched_text_is_part_of_the_basic_value() {
    let request = request("https://lms.example/oauth2/access_token").basic_auth();

    let (to_send, _exchange) = request.begin();

    let sent = to_send.headers()[AUTHORIZATION].as_bytes();
    let mut pieces = sent.windows(BY_BASIC.len());
    assert!(pieces.any(|piece| piece == BY_BASIC));
}

#[test]
fn a_secret_in_freed_memory_is_found() {
    let leaks = leaks_of(|| {
        let mut secret = String::with_capacity(1);
        secret.push_str("x cAnAry x");
        drop(black_box(secret));
    });

    assert_eq!(culprits(&leaks), ["memory"]);
}

/// Takes a token through its life: it is issued, cached, served, printed, stored, restored and rejected.
fn live(request: TokenRequest, body: &[u8]) {
    let now = Moment::default();
    let mut agent = TokenAgent::new(request.clone(), RenewalPolicy::DEFAULT);
    let budget = agent.wait_budget(now);
    let _waits = agent.acquire(Need::any(), &budget, now);
    let Some(Work::Exchange(ticket, sent)) = agent.poll_work(now) else {
        panic!("no token is cached");
    };
    black_box(format!("{ticket:?} {sent:?}"));
    let _event = agent.on_response(ticket, Response::new(body), now, Jitter::NONE);
    let Acquire::Ready(token) = agent.acquire(Need::any(), &budget, now) else {
        panic!("a new token is not used");
    };
    let header = token.authorization().clone();
    black_box(format!("{agent:?} {token:?} {header:?}"));
    black_box(token.token().claims().map(|claims| format!("{claims:?}"))).ok();
    let stored = agent.export(now).unwrap();
    let mut next = TokenAgent::new(request, RenewalPolicy::DEFAULT);
    let _event = next.restore(stored, now, Jitter::NONE);
    let others = ClientCredentials::new("acme", "cAnAry-2").unwrap();
    let _event = next.set_credentials(others, now);
    call(&mut next, now);
}

/// Makes an API call with the agent's token, which gets a 401.
fn call(agent: &mut TokenAgent, now: Moment) {
    let mut call = ApiCall::new(Method::GET, "https://api.edx.org/", Origins::edx()).unwrap();
    let CallStep::Send(request) = call.poll(agent, now) else {
        panic!("there is a token");
    };
    black_box(format!("{request:?} {:?}", request.clone().with_body(())));
    call.on_response(StatusCode::UNAUTHORIZED, &HeaderMap::new(), b"cAnAry");
    black_box(format!("{:?} {call:?}", call.poll(agent, now)));
}

/// Reads secrets from the environment, from a store, and from a program.
fn from_outside() {
    let variable = |name: &str| match name {
        "EDX_CLIENT_ID" => Some(b"acme".to_vec()),
        "EDX_CLIENT_SECRET_FILE" => Some(b"/file".to_vec()),
        _ => None,
    };
    let read = |_: &str| Ok::<_, String>([SECRET.as_bytes(), b"\n"].concat());
    drop(black_box(EnvConfig::read(variable, read).unwrap()));
    let variable = |name: &str| match name {
        "EDX_CLIENT_ID" => Some(b"acme".to_vec()),
        "EDX_CLIENT_SECRET" => Some(SECRET.as_bytes().to_vec()),
        _ => None,
    };
    drop(black_box(EnvConfig::read(variable, read).unwrap()));
    drop(black_box(
        AccessToken::new(TokenType::Jwt, "e30.e30.cAnAry").unwrap(),
    ));
    assert!(ClientCredentials::new("acme", "cAnAry\n").is_err());
    assert!(StoredToken::from_bytes(b"cAnAry").is_err());
}

fn credentials() -> ClientCredentials {
    ClientCredentials::new("acme", SECRET).unwrap()
}

fn leaks_of(run: impl FnOnce()) -> Vec<Leak> {
    let watching = Watching::for_any_of(SECRETS);
    run();
    watching.leaks()
}

fn culprits(leaks: &[Leak]) -> Vec<&str> {
    let mut culprits: Vec<_> = leaks.iter().map(|leak| leak.culprit.as_str()).collect();
    culprits.dedup();
    culprits
}

/// The crates that leave secrets in their send and receive buffers. The lists must change if another crate
/// does, or one of these no longer does.
const OF_UREQ: [&str; 1] = ["ureq"];
const OF_REQWEST: [&str; 1] = ["hyper"];

/// What is searched for: `cAnAry` is in the secret and in the token, unencoded and in a form; the other is in
/// the secret by HTTP Basic.
const SECRETS: &[&[u8]] = &[b"cAnAry", BY_BASIC];

/// The part of `acme:cAnAry%2Bof%2Fthe%3Dsecret` in base64 that encodes `:cAnAry%2Bof%2`.
const BY_BASIC: &[u8] = b"pjQW5BcnklMkJvZiUy";

const BODY: &[u8] = br#"{"access_token": "e30.eyJlbWFpbCI6ICJhZGEifQ.cAnAry", "expires_in": 3600, "token_type": "JWT", "scope": "read"}"#;
const ESCAPED_BODY: &[u8] =
    br#"{"access_token": "e30.e30.c\u0041nAry", "expires_in": 3600, "token_type": "JWT"}"#;

const ECHOES: &[&[u8]] = &[
    br#"{"error": "invalid_client", "error_description": "no cAnAry+of/the=secret"}"#,
    br#"{"error": "bad cAnAry%2Bof%2Fthe%3Dsecret", "error_description": "cAnAry%2Bof%2fthe%3dsecret"}"#,
    br#"{"message": "cAnAry"}"#,
    b"<html>cAnAry</html>",
    b"cAnAry",
];

const RESPONSES: Responses = Responses {
    head: b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 77\r\nConnection: close\r\n\r\n{\"access_token\": \"e30.e30.cAnAry\", \"expires_in\": 3600, \"token_type\": \"JWT\"}  ",
    chunk: b"",
    times: 0,
    api: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n[]",
};
