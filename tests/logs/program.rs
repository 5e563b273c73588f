//! Programs with every kind of event in them, over both drivers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use edx_auth_core::{ClientCredentials, RenewalPolicy, TokenEndpoint, TokenRequest};
use edx_auth_testkit::{Behavior, MockEdx};
use edx_auth_tests::openedx::AWKWARD_CLIENT;
use serde_json::Value;
use tokio::runtime::Builder;

/// Personal data, which our logs must not repeat.
pub(crate) const PERSONAL: &str = "ada%40example.org";

/// The path of an API that announces its end.
pub(crate) const DEPRECATED: &str = "/api/old/v1/accounts/ada%40example.org/";

/// The program that runs.
#[derive(Clone, Copy)]
pub(crate) enum Program {
    /// Gets a token after errors, makes calls, has its token rejected, calls a deprecated API, reads a
    /// list with an error in it, and then has unknown credentials.
    Day,
    /// Asks once for a token, and does not wait for a retry.
    Hasty,
}

#[derive(Clone, Copy)]
pub(crate) struct Driver {
    pub(crate) name: &'static str,
    /// Runs a program and returns the tokens that it had.
    pub(crate) run: fn(&MockEdx, Program) -> Vec<String>,
    /// Asks once for a token at this token URL, and gets none.
    pub(crate) ask_once: fn(&str),
}

pub(crate) const DRIVERS: [Driver; 2] = [
    Driver {
        name: "ureq",
        run: over_ureq,
        ask_once: ask_once_over_ureq,
    },
    Driver {
        name: "reqwest",
        run: over_reqwest,
        ask_once: ask_once_over_reqwest,
    },
];

fn over_ureq(edx: &MockEdx, program: Program) -> Vec<String> {
    use edx_auth_ureq::{AuthorizedClient, TokenSource};
    let credentials = Credentials::default();
    let source = TokenSource::builder(request_to(edx))
        .policy(policy(program))
        .credentials(credentials.function());
    let source = source.build().unwrap();
    if let Program::Hasty = program {
        source.token().unwrap_err();
        return Vec::new();
    }
    let client = AuthorizedClient::new(source.clone()).unwrap();
    let first = source.token().unwrap();
    edx.rotate_signing_key();
    let response = client.get(&edx.catalogs_url()).send().unwrap();
    assert_eq!(response.status(), 200);
    let second = source.token().unwrap();
    for _ in 0..2 {
        client
            .get(&(edx.url().to_owned() + DEPRECATED))
            .send()
            .unwrap();
    }
    close_twice(edx);
    let catalogs = client.pages::<Value>(&(edx.catalogs_url() + "?user=" + PERSONAL));
    assert_eq!(catalogs.map(Result::unwrap).count(), 25);
    for denied in 1..=2 {
        credentials.change();
        source.credentials_changed();
        while edx.token_requests() < BEFORE_THE_CHANGE + denied {
            source.renew_now().unwrap_err();
        }
    }
    [first, second]
        .map(|token| token.token().expose().to_owned())
        .into()
}

fn over_reqwest(edx: &MockEdx, program: Program) -> Vec<String> {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(over_reqwest_async(edx, program))
}

async fn over_reqwest_async(edx: &MockEdx, program: Program) -> Vec<String> {
    use edx_auth_reqwest::{AuthorizedClient, TokenSource};
    let credentials = Credentials::default();
    let source = TokenSource::builder(request_to(edx))
        .policy(policy(program))
        .credentials(credentials.function());
    let source = source.build().unwrap();
    if let Program::Hasty = program {
        source.token().await.unwrap_err();
        return Vec::new();
    }
    let client = AuthorizedClient::new(source.clone()).unwrap();
    let first = source.token().await.unwrap();
    edx.rotate_signing_key();
    let response = client.get(&edx.catalogs_url()).send().await.unwrap();
    assert_eq!(response.status(), 200);
    let second = source.token().await.unwrap();
    for _ in 0..2 {
        let deprecated = edx.url().to_owned() + DEPRECATED;
        client.get(&deprecated).send().await.unwrap();
    }
    close_twice(edx);
    let mut catalogs = client.pages::<Value>(&(edx.catalogs_url() + "?user=" + PERSONAL));
    while let Some(catalog) = catalogs.next().await {
        catalog.unwrap();
    }
    for denied in 1..=2 {
        credentials.change();
        source.credentials_changed();
        while edx.token_requests() < BEFORE_THE_CHANGE + denied {
            source.renew_now().await.unwrap_err();
        }
    }
    [first, second]
        .map(|token| token.token().expose().to_owned())
        .into()
}

fn ask_once_over_ureq(token_url: &str) {
    use edx_auth_ureq::TokenSource;
    let source = TokenSource::builder(request(token_url)).policy(policy(Program::Hasty));
    source.build().unwrap().token().unwrap_err();
}

fn ask_once_over_reqwest(token_url: &str) {
    use edx_auth_reqwest::TokenSource;
    let source = TokenSource::builder(request(token_url)).policy(policy(Program::Hasty));
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let source = source.build().unwrap();
    runtime.block_on(source.token()).unwrap_err();
}

/// Closes the connection of a GET and of its retry: then the call has failed.
fn close_twice(edx: &MockEdx) {
    for _ in 0..2 {
        edx.next_request(MockEdx::CATALOGS_PATH, Behavior::close());
    }
}

/// The credentials that the site knows, until they change to unknown ones.
#[derive(Clone, Default)]
struct Credentials(Arc<AtomicUsize>);

type Yielded = Result<ClientCredentials, Box<dyn std::error::Error + Send + Sync>>;

impl Credentials {
    fn function(&self) -> impl Fn() -> Yielded + Send + Sync + 'static {
        let credentials = self.clone();
        move || {
            let id = match credentials.0.load(Ordering::Relaxed) {
                0 => AWKWARD_CLIENT.id.to_owned(),
                change => format!("unknown-{change}"),
            };
            Ok(ClientCredentials::new(id, AWKWARD_CLIENT.secret)?)
        }
    }

    fn change(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn request_to(edx: &MockEdx) -> TokenRequest {
    request(&edx.token_url())
}

fn request(token_url: &str) -> TokenRequest {
    let endpoint = TokenEndpoint::exact(token_url).unwrap();
    let credentials = ClientCredentials::new(AWKWARD_CLIENT.id, AWKWARD_CLIENT.secret).unwrap();
    TokenRequest::new(endpoint, credentials)
}

/// Returns a policy with backoffs that `Day` waits out and `Hasty` does not. The grace is so short that a
/// rejected token always counts as rejected.
fn policy(program: Program) -> RenewalPolicy {
    let pause = match program {
        Program::Day => Duration::from_millis(5),
        Program::Hasty => Duration::from_secs(60 * 60),
    };
    let policy = RenewalPolicy::builder()
        .skew_grace(Duration::from_millis(1))
        .transient_backoff(pause, pause);
    policy.build().unwrap()
}

/// The token requests before the credentials change: one that fails, one for the first token, one for the
/// second.
const BEFORE_THE_CHANGE: usize = 3;
