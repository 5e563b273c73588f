//! A real Open edX token stack for one test: Django, django-oauth-toolkit and edX's own REST
//! framework extensions, in a process that ends with its [`OpenEdx`].
//!
//! It needs Python 3.10 or newer and, once per checkout, the Python Package Index. Where one is
//! missing, the tests that ask for it pass without a word but one loud line; with
//! `EDX_AUTH_REQUIRE_OPENEDX=1` they fail.

mod clients;
mod command;
mod environment;
mod options;
mod process;

use std::collections::BTreeMap;
use std::env;
use std::io::{self, Write as _};
use std::path::Path;
use std::sync::Once;

use http::{Request, Response, StatusCode};
use serde_json::Value;

use crate::wire;

use self::process::Process;

pub use self::clients::{AWKWARD_CLIENT, CLIENT, LOGIN_CLIENT, TestClient};
pub use self::options::Options;

/// A running Open edX. Dropping it ends its process.
#[derive(Debug)]
pub struct OpenEdx {
    process: Process,
}

impl OpenEdx {
    /// Starts a site, or says on standard error why this machine cannot, and gives `None`.
    ///
    /// # Panics
    /// Where the site can run but does not start, and, with `EDX_AUTH_REQUIRE_OPENEDX=1`, where
    /// it cannot run.
    pub fn start_or_skip(options: &Options) -> Option<Self> {
        match environment::python() {
            Ok(python) => Some(Self::start(python, options)),
            Err(missing) => {
                skip(missing);
                None
            }
        }
    }

    fn start(python: &Path, options: &Options) -> Self {
        match Process::start(python, &options.arguments()) {
            Ok(process) => Self { process },
            Err(problem) => panic!("Open edX did not start: {problem}"),
        }
    }

    /// Scheme, host and port, without a slash.
    pub fn url(&self) -> &str {
        self.process.url()
    }

    /// Where tokens are issued.
    pub fn token_url(&self) -> String {
        format!("{}/oauth2/access_token", self.url())
    }

    /// A list of 25 catalogs, ten to a page, for anyone with a valid token.
    pub fn catalogs_url(&self) -> String {
        format!("{}/api/v1/catalogs/", self.url())
    }

    /// A list that no valid token of the [clients](CLIENT) opens: 403.
    pub fn staff_only_url(&self) -> String {
        format!("{}/api/v1/staff-only/", self.url())
    }

    /// The claim `iss` of its tokens.
    pub fn issuer(&self) -> String {
        format!("{}/oauth2", self.url())
    }

    /// Has a token issued to [`CLIENT`], of the type asked for.
    pub fn issue(&self, token_type: &str) -> String {
        let form = form(&[
            ("grant_type", "client_credentials"),
            ("client_id", CLIENT.id),
            ("client_secret", CLIENT.secret),
            ("token_type", token_type),
        ]);
        let reply = self.send(&request("POST", "/oauth2/access_token", &form));
        let reply: Value = serde_json::from_slice(reply.body()).expect("a token reply");
        reply
            .get("access_token")
            .and_then(Value::as_str)
            .expect("a token")
            .to_owned()
    }

    /// How often each status has been answered so far.
    pub fn stats(&self) -> Stats {
        let reply = self.send(&request("GET", "/_stats", ""));
        Stats::parse(reply.body())
    }

    /// Signs and verifies with `key` from now on, so that every token held so far is refused.
    pub fn change_signing_key(&self, key: &str) {
        let reply = self.send(&request("POST", "/_signing-key", &form(&[("key", key)])));
        assert_eq!(
            reply.status(),
            StatusCode::NO_CONTENT,
            "the signing key was not changed"
        );
    }

    /// Sends `request` as it is; its URI is the path.
    pub fn send(&self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let authority = self.url().trim_start_matches("http://");
        match wire::send(authority, request) {
            Ok(response) => response,
            Err(error) => panic!(
                "{} {}: {error}\n{}",
                request.method(),
                request.uri(),
                self.process.complaints()
            ),
        }
    }
}

/// Replies so far, each status with its count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Of everything under `/oauth2/`.
    pub token: BTreeMap<u16, u64>,
    /// Of everything under `/api/`.
    pub api: BTreeMap<u16, u64>,
}

impl Stats {
    fn parse(body: &[u8]) -> Self {
        let stats: Value = serde_json::from_slice(body).expect("statistics in JSON");
        Self {
            token: counts(stats.get("token")),
            api: counts(stats.get("api")),
        }
    }
}

fn counts(statuses: Option<&Value>) -> BTreeMap<u16, u64> {
    let statuses = statuses.and_then(Value::as_object).into_iter().flatten();
    statuses
        .map(|(status, count)| (status.parse().unwrap(), count.as_u64().unwrap()))
        .collect()
}

fn form(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}

fn request(method: &str, path: &str, form: &str) -> Request<Vec<u8>> {
    Request::builder()
        .method(method)
        .uri(path)
        .header(
            http::header::CONTENT_TYPE,
            "application/x-www-form-urlencoded",
        )
        .body(form.as_bytes().to_vec())
        .expect("a request of known parts")
}

/// Says once per process, past the test harness's capture of output, that tests are skipped.
fn skip(missing: &str) {
    static SAID: Once = Once::new();
    let required = env::var_os("EDX_AUTH_REQUIRE_OPENEDX").is_some_and(|value| value == "1");
    assert!(!required, "EDX_AUTH_REQUIRE_OPENEDX=1, but {missing}");
    SAID.call_once(|| {
        let line = format!("\nSKIPPED: every test against a real Open edX, for {missing}\n\n");
        io::stderr().write_all(line.as_bytes()).ok();
    });
}
