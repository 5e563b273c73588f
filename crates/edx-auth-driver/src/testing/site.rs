//! A site in this process: it records every token request, and responds when the test says so.

use std::collections::VecDeque;
use std::error::Error as StdError;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;

use edx_auth_core::{
    AccessToken, ClientCredentials, FormBody, LiveToken, RenewalPolicy, StoredToken, TokenEndpoint,
    TokenRequest, TokenType, TransportError, TransportFailure, TransportRules,
};
use http::{Request, Response};

use super::{Ask, Flavor, HangGuard, LONG_BACKOFFS, TIMEOUT};
use crate::{ResponseBody, TokenSource, TokenSourceBuilder};

/// How a token request ends.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Behavior {
    /// The site issues a new token, with a lifetime of an hour.
    Token,
    /// The site does not know the client credentials.
    Denied,
    /// The site responds with status 503.
    Unavailable,
    /// The connection cannot be made.
    NoConnection,
    /// The transport panics.
    Panic,
}

/// A site with its own host, and so with its own limit of token requests at once. Requests that are still
/// open at the end of the test get status 503.
pub(crate) struct Site {
    host: String,
    shared: Arc<Shared>,
    _guard: HangGuard,
}

/// The requests, and the behaviors for them.
#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    client_ids: Vec<String>,
    behaviors: VecDeque<Behavior>,
    open: usize,
    most_open: usize,
    is_closed: bool,
}

impl Site {
    pub(crate) fn new() -> Self {
        static SITES: AtomicUsize = AtomicUsize::new(0);
        Self {
            host: format!("site-{}.example", SITES.fetch_add(1, Ordering::Relaxed)),
            shared: Arc::default(),
            _guard: HangGuard::new(),
        }
    }

    /// Creates a source that requests its tokens here.
    pub(crate) fn source<W>(&self, policy: RenewalPolicy) -> TokenSource<W> {
        self.builder(policy).build().unwrap()
    }

    /// Creates a source whose client credentials this function provides.
    pub(crate) fn source_with<W>(
        &self,
        policy: RenewalPolicy,
        provide: impl Fn() -> Result<ClientCredentials, Box<dyn StdError + Send + Sync>>
        + Send
        + Sync
        + 'static,
    ) -> TokenSource<W> {
        let builder = self.builder(policy).credentials(provide);
        builder.build().unwrap()
    }

    /// Starts building a source that requests its tokens here.
    pub(crate) fn builder<W>(&self, policy: RenewalPolicy) -> TokenSourceBuilder<W> {
        TokenSource::over(self.request(), self.transport())
            .policy(policy)
            .token_timeout(TIMEOUT)
    }

    pub(crate) fn request(&self) -> TokenRequest {
        let url = format!("https://{}", self.host);
        let endpoint = TokenEndpoint::open_edx(&url).unwrap();
        TokenRequest::new(endpoint, credentials("acme-api"))
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn transport(
        &self,
    ) -> impl Fn(Request<FormBody>, TransportRules) -> Result<Response<ResponseBody>, TransportError>
    + Clone
    + Send
    + Sync
    + 'static
    + use<> {
        let shared = Arc::clone(&self.shared);
        move |request, _rules| shared.serve(&request)
    }

    /// Sets the behaviors of the next requests in this order, including requests that wait already.
    pub(crate) fn respond(&self, behaviors: impl IntoIterator<Item = Behavior>) {
        self.shared.state().behaviors.extend(behaviors);
        self.shared.changed.notify_all();
    }

    /// Waits until this many requests have come.
    pub(crate) fn receives(&self, requests: usize) {
        let are_missing = |state: &mut State| state.client_ids.len() < requests;
        drop(self.shared.wait_while(are_missing));
    }

    pub(crate) fn requests(&self) -> usize {
        self.shared.state().client_ids.len()
    }

    /// Returns how many requests were open at once, at most.
    pub(crate) fn most_at_once(&self) -> usize {
        self.shared.state().most_open
    }

    /// Returns the client IDs of all requests.
    pub(crate) fn client_ids(&self) -> Vec<String> {
        self.shared.state().client_ids.clone()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        self.shared.state().is_closed = true;
        self.shared.changed.notify_all();
    }
}

impl Shared {
    fn serve(&self, request: &Request<FormBody>) -> Result<Response<ResponseBody>, TransportError> {
        let number = self.note(client_id(request));
        match self.next_behavior() {
            Behavior::Token => Ok(response(200, &token(number))),
            Behavior::Denied => Ok(response(401, r#"{"error": "invalid_client"}"#)),
            Behavior::Unavailable => Ok(response(503, "")),
            Behavior::NoConnection => Err(TransportFailure::NotSent.into()),
            Behavior::Panic => panic!("the transport breaks"),
        }
    }

    fn note(&self, client_id: String) -> usize {
        let mut state = self.state();
        state.client_ids.push(client_id);
        state.open += 1;
        state.most_open = state.most_open.max(state.open);
        self.changed.notify_all();
        state.client_ids.len()
    }

    fn next_behavior(&self) -> Behavior {
        let is_open = |state: &mut State| state.behaviors.is_empty() && !state.is_closed;
        let mut state = self.wait_while(is_open);
        state.open -= 1;
        state.behaviors.pop_front().unwrap_or(Behavior::Unavailable)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn wait_while(&self, waits: impl FnMut(&mut State) -> bool) -> MutexGuard<'_, State> {
        self.changed.wait_while(self.state(), waits).unwrap()
    }
}

/// Lets a source hold a token that is neither just issued nor due for renewal.
pub(crate) fn hold_fresh<W>(source: &TokenSource<W>) {
    hold(source, Duration::from_secs(10 * 60));
}

/// Lets a source hold a token that is due for renewal, and may be used for minutes.
pub(crate) fn hold_due<W>(source: &TokenSource<W>) {
    hold(source, Duration::from_secs(55 * 60));
}

/// Creates a site that has issued nothing yet, a source that holds a fresh token, and that token.
pub(crate) fn with_fresh_token<W: Flavor>() -> (Site, TokenSource<W>, LiveToken) {
    with_token(hold_fresh)
}

/// Creates a site that has issued nothing yet, a source whose token is due, and that token.
pub(crate) fn with_due_token<W: Flavor>() -> (Site, TokenSource<W>, LiveToken) {
    with_token(hold_due)
}

fn with_token<W: Flavor>(hold: fn(&TokenSource<W>)) -> (Site, TokenSource<W>, LiveToken) {
    let site = Site::new();
    let source = site.source::<W>(LONG_BACKOFFS);
    hold(&source);
    let token = W::ask(&source, Ask::Token).unwrap();
    (site, source, token)
}

fn hold<W>(source: &TokenSource<W>, age: Duration) {
    let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
    let born = source.now().wall.saturating_sub(age);
    source.restore(StoredToken::new(token, HOUR, born));
}

pub(crate) fn credentials(client_id: &str) -> ClientCredentials {
    ClientCredentials::new(client_id, SECRET).unwrap()
}

fn client_id(request: &Request<FormBody>) -> String {
    let form = std::str::from_utf8(request.body().as_ref()).unwrap();
    let mut fields = form.split('&');
    let id = fields.find_map(|field| field.strip_prefix("client_id="));
    id.unwrap().to_owned()
}

fn token(number: usize) -> String {
    format!(r#"{{"access_token": "opaque{number}", "token_type": "JWT", "expires_in": 3600}}"#)
}

fn response(status: u16, body: &str) -> Response<ResponseBody> {
    let body = ResponseBody::from(body.as_bytes().to_vec());
    Response::builder().status(status).body(body).unwrap()
}

pub(crate) const SECRET: &str = "s3cret";

const HOUR: Duration = Duration::from_secs(60 * 60);
