//! The site that a scenario's sources send their token requests to: it has the behaviors that the
//! scenario sets, and counts requests.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use edx_auth_core::{FormBody, TransportError, TransportFailure};
use http::{Request, Response};

use crate::ResponseBody;

/// The result of a token request; the default is a token.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Behavior {
    /// A new token that is valid for an hour.
    #[default]
    Token,
    /// A new token that is valid for an hour, after this time.
    Late(Duration),
    /// The site does not know the client.
    Denied,
    /// The site responds 503.
    Unavailable,
    /// There is no connection.
    Unreachable,
    /// The transport panics.
    Panic,
}

/// The state of the site. All threads of a scenario run on one system thread, so it needs no lock.
#[derive(Default)]
struct Site {
    clients: Vec<String>,
    behaviors: VecDeque<Behavior>,
    unknown: Option<&'static str>,
    during: Option<Box<dyn Fn()>>,
    in_flight: usize,
    most_in_flight: usize,
    most_of_one_source: usize,
    /// Cloned for every source: the number of clones is the number of sources.
    sources: Arc<()>,
}

/// Resets the site for the next schedule.
pub(crate) fn reset() {
    // Dropped outside of the borrow: it may own a source.
    let _before = with(std::mem::take);
}

/// Makes this client unknown.
pub(crate) fn forget(client: &'static str) {
    with(|site| site.unknown = Some(client));
}

/// Sets the behaviors for the next requests.
pub(crate) fn set_behaviors(behaviors: impl IntoIterator<Item = Behavior>) {
    with(|site| site.behaviors.extend(behaviors));
}

/// Runs `work` once, while the next token request is in flight.
pub(crate) fn during_next_request(work: impl Fn() + 'static) {
    with(|site| site.during = Some(Box::new(work)));
}

/// Returns the number of token requests.
pub(crate) fn requests() -> usize {
    with(|site| site.clients.len())
}

/// Returns the client IDs of all token requests.
pub(crate) fn clients() -> Vec<String> {
    with(|site| site.clients.clone())
}

/// Returns how many token requests were in flight at once, at most.
pub(crate) fn most_in_flight() -> usize {
    with(|site| site.most_in_flight)
}

/// Checks what holds after every scenario, when its sources are dropped and no thread runs: all sources are
/// freed, and no source did two pieces of work at once.
pub(crate) fn check() {
    let (sources, at_once) =
        with(|site| (Arc::strong_count(&site.sources), site.most_of_one_source));
    assert_eq!(sources, 1, "a source is left, or a job of one");
    assert!(
        at_once <= 1,
        "{at_once} pieces of work of one source at once"
    );
}

/// Responds to one token request.
pub(crate) fn respond(
    request: Request<FormBody>,
) -> Result<Response<ResponseBody>, TransportError> {
    let (number, client, behavior, _request) = enter(&request);
    thread::yield_now();
    if let Some(work) = with(|site| site.during.take()) {
        work();
    }
    match behavior {
        Behavior::Token => Ok(token(number, &client)),
        Behavior::Late(time) => {
            thread::sleep(time);
            Ok(token(number, &client))
        }
        Behavior::Denied => Ok(response(401, r#"{"error": "invalid_client"}"#)),
        Behavior::Unavailable => Ok(response(503, "")),
        Behavior::Unreachable => Err(TransportFailure::NotSent.into()),
        // Quietly: ten thousand schedules would write ten thousand messages.
        Behavior::Panic => panic::resume_unwind(Box::new("the transport panics")),
    }
}

fn enter(request: &Request<FormBody>) -> (usize, String, Behavior, InFlight) {
    let client = client_id(request);
    with(|site| {
        site.clients.push(client.clone());
        site.in_flight += 1;
        site.most_in_flight = site.most_in_flight.max(site.in_flight);
        let behavior = match site.unknown {
            Some(unknown) if unknown == client => Behavior::Denied,
            _ => site.behaviors.pop_front().unwrap_or_default(),
        };
        (site.clients.len(), client, behavior, InFlight)
    })
}

fn client_id(request: &Request<FormBody>) -> String {
    let form = str::from_utf8(request.body().as_ref()).unwrap();
    let mut fields = form.split('&');
    let client_id = fields.find_map(|field| field.strip_prefix("client_id="));
    client_id.unwrap().to_owned()
}

/// Returns a response with a token that is valid for an hour and names its client.
fn token(number: usize, client: &str) -> Response<ResponseBody> {
    let token = format!("opaque{number}-of-{client}");
    let body = format!(r#"{{"access_token": "{token}", "token_type": "JWT", "expires_in": 3600}}"#);
    response(200, &body)
}

fn response(status: u16, body: &str) -> Response<ResponseBody> {
    let response = Response::builder().status(status);
    response.body(body.as_bytes().to_vec().into()).unwrap()
}

/// One token request in flight.
struct InFlight;

impl Drop for InFlight {
    fn drop(&mut self) {
        with(|site| site.in_flight -= 1);
    }
}

/// One source, seen by the site: it counts how many pieces of the source's work run at once. A piece of work
/// is a token request or a call of the credentials function.
#[derive(Clone)]
pub(crate) struct Visitor {
    at_once: Arc<AtomicUsize>,
    _source: Arc<()>,
}

impl Visitor {
    pub(crate) fn new() -> Self {
        Self {
            at_once: Arc::default(),
            _source: with(|site| Arc::clone(&site.sources)),
        }
    }

    /// Does one piece of work of this source.
    pub(crate) fn visit<T>(&self, work: impl FnOnce() -> T) -> T {
        let at_once = self.at_once.fetch_add(1, Ordering::Relaxed) + 1;
        with(|site| site.most_of_one_source = site.most_of_one_source.max(at_once));
        let _end = Visit(self);
        thread::yield_now();
        work()
    }
}

/// One piece of work of a source, until it ends or panics.
struct Visit<'a>(&'a Visitor);

impl Drop for Visit<'_> {
    fn drop(&mut self) {
        self.0.at_once.fetch_sub(1, Ordering::Relaxed);
    }
}

fn with<T>(work: impl FnOnce(&mut Site) -> T) -> T {
    SITE.with_borrow_mut(work)
}

thread_local! {
    static SITE: RefCell<Site> = RefCell::default();
}
