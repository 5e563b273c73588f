//! A client that calls at full speed from a few threads, and knows what each of its calls has to bring.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use edx_auth_core::{ClientCredentials, Generation, RenewalPolicy};
use edx_auth_testkit::{Fingerprint, MockEdx, ReceivedRequest};
use edx_auth_tests::clients::{CLIENTS, Call, Called, Client, Ending, HttpLibrary, Setup};
use edx_auth_tests::jwt;

use crate::site::{Address, Secret};

/// A client with its own token source, over one of the HTTP libraries.
pub(crate) struct Caller {
    name: String,
    site: String,
    secret: Secret,
    client: Arc<dyn Client>,
    retries: bool,
    /// The tokens that it had in this round.
    tokens: Mutex<HashMap<Fingerprint, Generation>>,
    /// The user of its tokens.
    subject: OnceLock<String>,
    calls: [AtomicUsize; THREADS],
}

impl Caller {
    /// Returns callers for both libraries and both clients of the site. One caller of each library is retried.
    pub(crate) fn all(address: &Address) -> Vec<Self> {
        let each = |(number, library): (usize, _)| {
            let clients = address.secrets.iter().enumerate();
            clients
                .map(move |(client, secret)| Self::new(address, library, secret, number == client))
        };
        CLIENTS.into_iter().enumerate().flat_map(each).collect()
    }

    fn new(address: &Address, library: HttpLibrary, secret: &Secret, retries: bool) -> Self {
        let mut setup = Setup::new(&address.token_url, secret.id, &secret.current());
        let program = secret.clone();
        setup.credentials = Some(Arc::new(move || {
            ClientCredentials::new(program.id, program.current()).unwrap()
        }));
        setup.policy = RenewalPolicy::FOR_TESTS;
        (setup.timeout, setup.token_timeout) = (LONG, Some(LONG));
        setup.retry_for = retries.then_some(LONG);
        Self {
            name: format!("{}-{}", library.name, secret.id),
            site: address.token_url.replace(MockEdx::TOKEN_PATH, ""),
            secret: secret.clone(),
            client: (library.new_client)(setup),
            retries,
            tokens: Mutex::default(),
            subject: OnceLock::new(),
            calls: Default::default(),
        }
    }

    /// Calls for one item of the site after the other, until told to stop. Reports each call that is no success.
    pub(crate) fn make_calls(
        &self,
        thread: usize,
        has_ended: impl Fn() -> bool,
        failed: impl Fn(&Called),
    ) {
        for item in (0..ITEMS).cycle() {
            if has_ended() {
                return;
            }
            let called = self.call(item);
            let is_right = matches!(&called, Ok(response) if response.status == 200);
            match &called {
                Ok(response) if is_right => {
                    self.assert_right(item, &response.body, response.ending);
                }
                called => failed(called),
            }
            self.calls[thread].fetch_add(1, Ordering::SeqCst);
        }
    }

    /// Calls, and tells the site which token the caller knew before.
    fn call(&self, item: usize) -> Called {
        let known = self.learn_token().to_string();
        let call = Call::get(format!("{}{}", self.site, self.path(item))).header(KNOWN, &known);
        let called = self.client.call(call);
        self.learn_token();
        called
    }

    fn assert_right(&self, item: usize, body: &[u8], ending: Ending) {
        assert_eq!(String::from_utf8_lossy(body), self.path(item));
        assert_eq!(ending, Ending::Whole, "{}", self.name);
    }

    fn learn_token(&self) -> Fingerprint {
        let token = self
            .client
            .token()
            .unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let text = token
            .authorization()
            .to_str()
            .unwrap()
            .trim_start_matches("JWT ");
        let fingerprint = Fingerprint::of(text);
        let is_new = self
            .tokens
            .lock()
            .unwrap()
            .insert(fingerprint, token.generation())
            .is_none();
        if is_new {
            let subject = jwt::decode(text).unwrap().1["sub"].to_string();
            assert_eq!(
                *self.subject.get_or_init(|| subject.clone()),
                subject,
                "{}",
                self.name
            );
        }
        fingerprint
    }

    /// Closes the connections that wait for another call.
    pub(crate) fn close_connections(&self) {
        for _ in 0..MOST_CONNECTIONS {
            let call = Call::get(format!("{}{}", self.site, self.path(ITEMS)));
            assert_eq!(self.client.call(call).unwrap().status, 200, "{}", self.name);
        }
    }

    /// Checks that this request of the caller carries one of its tokens, and none that is older than the one
    /// it knew.
    pub(crate) fn assert_own_token(&self, request: &ReceivedRequest) {
        let tokens = self.tokens.lock().unwrap();
        let sent = tokens[&request.token().unwrap()];
        let known = request.header(KNOWN).unwrap_or_default();
        let mut known = tokens
            .iter()
            .filter(|(token, _)| token.to_string() == known);
        assert!(
            known.all(|(_, known)| sent >= *known),
            "{}: an older token",
            self.name
        );
    }

    /// Checks that another client has another user.
    pub(crate) fn assert_apart(&self, other: &Self) {
        let is_same = self.secret.id == other.secret.id;
        assert_eq!(
            self.subject == other.subject,
            is_same,
            "{}, {}",
            self.name,
            other.name
        );
    }

    pub(crate) fn forget_tokens(&self) {
        self.tokens.lock().unwrap().clear();
    }

    /// Returns how many calls each thread has made.
    pub(crate) fn calls(&self) -> [usize; THREADS] {
        self.calls
            .each_ref()
            .map(|calls| calls.load(Ordering::SeqCst))
    }

    pub(crate) fn retries(&self) -> bool {
        self.retries
    }

    pub(crate) fn client_id(&self) -> &str {
        self.secret.id
    }

    pub(crate) fn rotate(&self) -> String {
        self.secret.rotate()
    }

    /// Returns the path of an item.
    pub(crate) fn path(&self, item: usize) -> String {
        format!("/{}/{item}/", self.name)
    }

    pub(crate) fn has_sent(&self, request: &ReceivedRequest) -> bool {
        let path = request.path().trim_start_matches('/');
        path.strip_prefix(&self.name)
            .is_some_and(|rest| rest.starts_with('/'))
    }
}

/// How many threads call at the same time.
pub(crate) const THREADS: usize = 2;

/// How many different responses the site has for a caller.
pub(crate) const ITEMS: usize = 3;

/// More connections than the threads of a caller can leave open: a library may open one ahead of need.
const MOST_CONNECTIONS: usize = 4 * THREADS;

const KNOWN: &str = "known-token";

/// Longer than any fault, on a machine that is busy with twenty other things too.
const LONG: Duration = Duration::from_secs(180);
