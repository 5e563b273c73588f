//! Events: level and text, and one line for each field.

use std::collections::BTreeSet;
use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use edx_auth_core::{
    AccessToken, ApiCall, ClientCredentials, Origins, PlaintextHosts, RenewalPolicy, TokenType,
    TransportError, TransportFailure,
};
use edx_auth_driver::{
    ApiUrl, Blocking, CallAction, Error, FileStore, ItemStep, Items, ResponseBody, TokenSource,
    TokenSourceBuilder,
};
use edx_auth_tests::timeout::within_timeout;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Response, StatusCode};
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::list::List;
use super::tokens::{LMS, request};

pub(super) fn list(list: &mut List) {
    list.section("Events, the most severe first");
    let happenings = [
        outage,
        denial,
        rejections,
        young,
        fixed,
        rotation,
        page,
        deprecation,
        store,
    ];
    let events: BTreeSet<_> = happenings.into_iter().flat_map(events_of).collect();
    for (_, event) in events {
        let mut parts = event.split('\n').map(str::to_owned);
        let head = parts.next().unwrap();
        list.entry(&head, &parts.collect::<Vec<_>>());
    }
}

/// The site cannot be reached once, and then issues a token.
fn outage() {
    let unreachable = io::Error::from(ErrorKind::ConnectionRefused);
    let unreachable = TransportError::from(TransportFailure::NotSent).with_cause(unreachable);
    source([Err(unreachable), ISSUED])
        .build()
        .unwrap()
        .token()
        .unwrap();
}

/// The site denies the client credentials, and does so again.
fn denial() {
    let source = source([DENIED, DENIED]).build().unwrap();
    while source.health().failures < 2 {
        source.token().unwrap_err();
    }
}

/// An API rejects a token, and the same one once more after it was replaced.
fn rejections() {
    let source = source([ISSUED, ISSUED]).build().unwrap();
    let token = source.token().unwrap();
    thread::sleep(BACKOFF * 2);
    let url = LMS.to_owned() + "/api/courses/v1/courses/";
    let mut call = ApiCall::new(Method::GET, &url, source.origins().clone()).unwrap();
    for status in [StatusCode::UNAUTHORIZED, StatusCode::OK] {
        let action = source.next_action(&mut call);
        assert!(matches!(action, Ok(CallAction::Send(_))), "{action:?}");
        call.on_response(status, &HeaderMap::new(), b"");
    }
    let _rejected = source.invalidate(&token);
}

/// An API rejects a token that is within the skew grace.
fn young() {
    let source = source([ISSUED]).policy(RenewalPolicy::DEFAULT);
    let source = source.build().unwrap();
    let _rejected = source.invalidate(&source.token().unwrap());
}

fn fixed() {
    let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
    let source = TokenSource::<Blocking>::fixed(token, Origins::edx());
    let _rejected = source.invalidate(&source.token().unwrap());
}

/// The program changes its client credentials.
fn rotation() {
    let calls = AtomicUsize::new(0);
    let source = source([ISSUED, ISSUED]).credentials(move || {
        let change = calls.fetch_add(1, Ordering::Relaxed).min(1);
        let id = ["acme-api", "acme-api-2"][change];
        Ok(ClientCredentials::new(id, "s3cret")?)
    });
    let source = source.build().unwrap();
    source.token().unwrap();
    source.credentials_changed();
    source.renew_now().unwrap();
}

/// The server of a list closes the connection.
fn page() {
    let url = "https://discovery.edx.org/api/v1/courses/?page=3";
    let mut items = Items::<u8>::new(url, Origins::edx());
    let url = ApiUrl::new(url, &PlaintextHosts::none()).unwrap();
    let closed = io::Error::from(ErrorKind::ConnectionReset);
    let closed = TransportError::from(TransportFailure::MaybeSent).with_cause(closed);
    let source = source([ISSUED]).label("tenant 7").build().unwrap();
    items.on_page(Err(Error::transport(&url, closed)), &source);
    assert!(matches!(items.next_step(source.now()), ItemStep::Wait(_)));
}

/// An API announces its end, and again with the next response.
fn deprecation() {
    let source = source([ISSUED]).build().unwrap();
    let header = |text| HeaderValue::from_static(text);
    let headers = [
        ("deprecation", header("@1798761600")),
        ("sunset", header("Fri, 31 Dec 2027 23:59:59 GMT")),
    ];
    let headers = headers.map(|(name, text)| (HeaderName::from_static(name), text));
    let url = LMS.to_owned() + "/api/enrollment/v1/enrollment/ada,course-v1:edX+DemoX+2026";
    for headers in [headers.clone(), headers] {
        let mut call = ApiCall::new(Method::GET, &url, source.origins().clone()).unwrap();
        let _sent = source.next_action(&mut call).unwrap();
        call.on_response(StatusCode::OK, &headers.into_iter().collect(), b"");
        let _delivered = source.next_action(&mut call).unwrap();
    }
    assert_eq!(source.health().deprecated, 2);
}

/// The token store is a folder that cannot be one.
fn store() {
    let source = source([ISSUED]).store(FileStore::new("/dev/null"));
    source.build().unwrap().token().unwrap();
}

/// Creates a source whose site sends these responses, and the last of them from then on.
fn source<const N: usize>(responses: [Sent; N]) -> TokenSourceBuilder<Blocking> {
    let sent = AtomicUsize::new(0);
    let source = TokenSource::over(request(LMS, "s3cret"), move |_, _| {
        let turn = sent.fetch_add(1, Ordering::Relaxed).min(N - 1);
        let (status, body) = responses[turn].clone()?;
        let mut response = Response::new(ResponseBody::from(body.as_bytes().to_vec()));
        *response.status_mut() = status.try_into().unwrap();
        Ok(response)
    });
    let policy = RenewalPolicy::builder()
        .skew_grace(BACKOFF)
        .transient_backoff(BACKOFF, BACKOFF)
        .permanent_backoff(BACKOFF, BACKOFF);
    source.policy(policy.build().unwrap())
}

/// Returns the events while this happens, each with the rank of its level. Durations are random,
/// and so is whether a caller or the background notices new credentials first.
fn events_of(happens: fn()) -> Vec<(usize, String)> {
    let written = Written::default();
    let writer = written.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::DEBUG)
        .with_ansi(false)
        .without_time()
        .with_writer(move || writer.clone());
    let heard = subscriber.finish().set_default();
    happens();
    drop(heard);
    written.complete().lines().filter_map(event).collect()
}

fn event(line: &str) -> Option<(usize, String)> {
    let (level, text) = line.trim_start().split_once(' ')?;
    let (_, text) = text.split_once("edx_auth: ")?;
    let fields = [" edx_auth.", " error.", " http.", " server.", " url."];
    let fields = fields.iter().fold(text.to_owned(), |text, name| {
        text.replace(name, &format!("\n{}", name.trim_start()))
    });
    let fields = fields.lines().map(without_chance).collect::<Vec<_>>();
    let rank = LEVELS.iter().position(|other| *other == level)?;
    Some((rank, format!("{level} {}", fields.join("\n"))))
}

fn without_chance(field: &str) -> String {
    let mut names = ["_ms=", "edx_auth.reason="].into_iter();
    let found = names.find_map(|name| Some((field.split_once(name)?.0, name)));
    found.map_or_else(
        || field.to_owned(),
        |(start, name)| format!("{start}{name}.."),
    )
}

#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    /// Returns the text once no subscriber writes to it. A worker may report after the caller has its token.
    fn complete(self) -> String {
        let mut shared = self.0;
        let alone = within_timeout(move || {
            loop {
                match Arc::try_unwrap(shared) {
                    Ok(text) => return text.into_inner().unwrap(),
                    Err(others) => shared = others,
                }
                thread::sleep(Duration::from_millis(1));
            }
        });
        String::from_utf8(alone).unwrap()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

type Sent = Result<(u16, &'static str), TransportError>;

const ISSUED: Sent = Ok((
    200,
    r#"{"access_token": "a.b.c", "token_type": "JWT", "expires_in": 3600}"#,
));
const DENIED: Sent = Ok((401, r#"{"error": "invalid_client"}"#));

const BACKOFF: Duration = Duration::from_millis(20);

const LEVELS: [&str; 4] = ["ERROR", "WARN", "INFO", "DEBUG"];
