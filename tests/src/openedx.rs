//! A real Open edX token stack for one test: Django, django-oauth-toolkit and edX's own REST
//! framework extensions, of one of two [releases](Release), in a process that ends with its [`OpenEdx`].
//!
//! It needs Python 3.10 or newer and, once per checkout, the Python Package Index. If one is missing,
//! the tests that need the site print one line and pass; with `EDX_AUTH_REQUIRE_OPENEDX=1` they fail.

mod clients;
mod command;
mod environment;
mod options;
mod process;
mod release;

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
pub use self::release::Release;

/// A running Open edX. Its process ends when it is dropped.
#[derive(Debug)]
pub struct OpenEdx {
    process: Process,
    release: Release,
}

impl OpenEdx {
    /// Starts a site. Returns `None`, and prints the reason, if this machine cannot run one.
    ///
    /// # Panics
    /// Panics if the site can run but does not start, or cannot run with `EDX_AUTH_REQUIRE_OPENEDX=1`.
    pub fn start_or_skip(options: &Options) -> Option<Self> {
        match environment::python(options.release) {
            Ok(python) => Some(Self::start(python, options)),
            Err(missing) => {
                skip(missing);
                None
            }
        }
    }

    /// Starts a site of each release, one after the other, where this machine can run it.
    ///
    /// # Panics
    /// Panics as [`start_or_skip`](Self::start_or_skip).
    pub fn of_each_release(options: &Options) -> impl Iterator<Item = Self> {
        let options = Release::ALL.map(|release| options.clone().release(release));
        options
            .into_iter()
            .filter_map(|options| Self::start_or_skip(&options))
    }

    fn start(python: &Path, options: &Options) -> Self {
        match Process::start(python, &options.arguments()) {
            Ok(process) => Self {
                process,
                release: options.release,
            },
            Err(problem) => panic!("Open edX did not start: {problem}"),
        }
    }

    /// Returns the releases that the site runs.
    pub fn release(&self) -> Release {
        self.release
    }

    /// Returns scheme, host and port, without a trailing slash.
    pub fn url(&self) -> &str {
        self.process.url()
    }

    /// Returns the URL of the token endpoint.
    pub fn token_url(&self) -> String {
        format!("{}/oauth2/access_token", self.url())
    }

    /// Returns the URL of a list of 25 catalogs, ten to a page, for every valid token.
    pub fn catalogs_url(&self) -> String {
        format!("{}/api/v1/catalogs/", self.url())
    }

    /// Returns the URL of a list that responds 403 to every token of the [clients](CLIENT).
    pub fn staff_only_url(&self) -> String {
        format!("{}/api/v1/staff-only/", self.url())
    }

    /// Returns the claim `iss` of the site's tokens.
    pub fn issuer(&self) -> String {
        format!("{}/oauth2", self.url())
    }

    /// Issues a token of this type to [`CLIENT`].
    pub fn issue(&self, token_type: &str) -> String {
        let form = form(&[
            ("grant_type", "client_credentials"),
            ("client_id", CLIENT.id),
            ("client_secret", CLIENT.secret),
            ("token_type", token_type),
        ]);
        let response = self.send(&request("POST", "/oauth2/access_token", &form));
        let response: Value = serde_json::from_slice(response.body()).expect("a token response");
        response
            .get("access_token")
            .and_then(Value::as_str)
            .expect("a token")
            .to_owned()
    }

    /// Returns how many responses had each status so far.
    pub fn stats(&self) -> Stats {
        let response = self.send(&request("GET", "/_stats", ""));
        Stats::parse(response.body())
    }

    /// Changes the signing key, so that the site rejects all tokens issued so far.
    pub fn change_signing_key(&self, key: &str) {
        let response = self.send(&request("POST", "/_signing-key", &form(&[("key", key)])));
        assert_eq!(
            response.status(),
            StatusCode::NO_CONTENT,
            "the signing key was not changed"
        );
    }

    /// Sends `request` unchanged; its URI is the path.
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

/// The number of responses so far, by status.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    /// Responses under `/oauth2/`.
    pub token: BTreeMap<u16, u64>,
    /// Responses under `/api/`.
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

/// Prints once per process that tests are skipped, past the test harness's capture of output.
fn skip(missing: &str) {
    static SAID: Once = Once::new();
    let required = env::var_os("EDX_AUTH_REQUIRE_OPENEDX").is_some_and(|value| value == "1");
    assert!(!required, "EDX_AUTH_REQUIRE_OPENEDX=1, but {missing}");
    SAID.call_once(|| {
        let line = format!("\nSKIPPED: every test against a real Open edX, for {missing}\n\n");
        io::stderr().write_all(line.as_bytes()).ok();
    });
}
