//! HTTP clients supplied by the program, with settings that would reveal the secret: our settings
//! override theirs.

use std::sync::{Arc, Condvar, Mutex};
use std::thread;
use std::time::Duration;

use edx_auth_core::{
    ClientCredentials, LiveToken, RenewalPolicy, TokenEndpoint, TokenError, TokenRequest,
};
use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use edx_auth_tests::debug_output;
use edx_auth_tests::timeout::within_timeout;
use tokio::runtime::{Builder, Runtime};

/// Asks a source with a hostile client for a token.
type Ask = fn(TokenRequest) -> Result<LiveToken, TokenError>;

const DRIVERS: [(&str, Ask); 2] = [("ureq", over_ureq), ("reqwest", over_reqwest)];

#[test]
fn a_client_that_follows_redirects_follows_none_with_the_secret() {
    for (driver, ask) in DRIVERS {
        for status in [301, 302, 303, 307, 308] {
            let [edx, other] = [(); 2].map(|()| MockEdx::start().unwrap());
            let redirect = MockResponse::new(status).header("Location", other.token_url());
            edx.next_request(MockEdx::TOKEN_PATH, redirect);

            let error = ask(request_to(&edx)).unwrap_err();

            assert!(
                error.to_string().contains("redirected"),
                "{driver} {status}: {error}"
            );
            assert_eq!(edx.requests().len(), 1, "{driver} {status}");
            assert_eq!(other.requests().len(), 0, "{driver} {status}");
        }
    }
}

#[test]
fn a_client_that_treats_statuses_as_errors_still_returns_the_verdict() {
    for (driver, ask) in DRIVERS {
        let edx = MockEdx::start().unwrap();
        let endpoint = TokenEndpoint::open_edx(edx.url()).unwrap();
        let stranger = ClientCredentials::new("unknown", "s3cret").unwrap();

        let error = ask(TokenRequest::new(endpoint, stranger)).unwrap_err();

        assert!(
            error.to_string().contains("invalid_client"),
            "{driver}: {error}"
        );
        assert!(
            !debug_output::of_error(&error).concat().contains("s3cret"),
            "{driver}"
        );
    }
}

#[test]
fn a_client_without_a_timeout_keeps_the_deadline() {
    for (driver, ask) in DRIVERS {
        let edx = MockEdx::start().unwrap();
        edx.next_request(MockEdx::TOKEN_PATH, Behavior::stall());

        let error = ask(request_to(&edx).deadline(Duration::from_secs(1))).unwrap_err();

        assert!(error.to_string().contains("in time"), "{driver}: {error}");
        // On a busy machine the request may not have arrived before the deadline.
        assert!(edx.requests().len() <= 1, "{driver}");
    }
}

#[test]
fn a_supplied_client_keeps_its_user_agent() {
    for (driver, ask) in DRIVERS {
        let edx = MockEdx::start().unwrap();

        ask(request_to(&edx)).unwrap();

        let requests = edx.requests();
        assert_eq!(
            requests[0].header("user-agent"),
            Some("acme/1.0"),
            "{driver}"
        );
    }
}

/// Makes one call over a client whose source was given an HTTP client; and, if a name is there, with that
/// name in the `User-Agent` of a client for calls.
type CallOnce = fn(&MockEdx, Option<&'static str>);

#[test]
fn the_client_of_a_source_is_used_for_its_calls_unless_they_have_another() {
    for (driver, call) in [
        ("ureq", call_over_ureq as CallOnce),
        ("reqwest", call_over_reqwest),
    ] {
        for (name, expected) in [(None, "acme/1.0"), (Some("calls/1.0"), "calls/1.0")] {
            let edx = MockEdx::start().unwrap();

            let edx = within_timeout(move || {
                call(&edx, name);
                edx
            });

            let requests = edx.requests();
            let agents = requests.iter().map(|request| request.header("user-agent"));
            let agents: Vec<_> = agents.collect();
            assert_eq!(agents, [Some("acme/1.0"), Some(expected)], "{driver}");
        }
    }
}

#[test]
fn a_client_function_that_hangs_in_one_runtime_delays_no_other() {
    use edx_auth_reqwest::{AuthorizedClient, TokenSource};
    let (edx, gate) = (MockEdx::start().unwrap(), Arc::new(Gate::default()));
    let entered = Arc::clone(&gate);
    let client = move || {
        entered.pass();
        reqwest::Client::builder()
    };
    let source = TokenSource::builder(request_to(&edx)).http_client(client);
    let client = AuthorizedClient::new(source.build().unwrap()).unwrap();
    let call = {
        let url = edx.catalogs_url();
        move || {
            let runtime = Builder::new_current_thread().enable_all().build().unwrap();
            let call = move |runtime: &Runtime| {
                let response = runtime.block_on(client.get(&url).send());
                response.unwrap().status()
            };
            (runtime, call)
        }
    };
    let (runtime, once) = call.clone()();
    assert_eq!(once(&runtime), 200);

    gate.close();
    let hanging = thread::spawn(move || {
        let (runtime, once) = call();
        once(&runtime)
    });
    gate.wait_for_one();
    let again = within_timeout(move || once(&runtime));

    assert_eq!(again, 200);
    gate.open();
    assert_eq!(hanging.join().unwrap(), 200);
}

/// A gate that can be closed.
#[derive(Default)]
struct Gate {
    state: Mutex<(bool, usize)>,
    changed: Condvar,
}

impl Gate {
    fn pass(&self) {
        let mut state = self.state.lock().unwrap();
        state.1 += usize::from(state.0);
        self.changed.notify_all();
        drop(self.changed.wait_while(state, |(is_closed, _)| *is_closed));
    }

    fn close(&self) {
        self.state.lock().unwrap().0 = true;
    }

    fn open(&self) {
        self.state.lock().unwrap().0 = false;
        self.changed.notify_all();
    }

    /// Waits until a thread stands before it.
    fn wait_for_one(&self) {
        let state = self.state.lock().unwrap();
        drop(self.changed.wait_while(state, |(_, waiting)| *waiting == 0));
    }
}

fn call_over_ureq(edx: &MockEdx, name: Option<&'static str>) {
    use edx_auth_ureq::{AuthorizedClient, TokenSource};
    let agent = |name: &str| ureq::Agent::config_builder().user_agent(name).build();
    let source = TokenSource::builder(request_to(edx)).http_client(agent("acme/1.0").new_agent());
    let mut client = AuthorizedClient::builder(source.build().unwrap());
    if let Some(name) = name {
        client = client.http_client(agent(name).new_agent());
    }
    let client = client.build().unwrap();
    client.get(&edx.catalogs_url()).send().unwrap();
}

fn call_over_reqwest(edx: &MockEdx, name: Option<&'static str>) {
    use edx_auth_reqwest::{AuthorizedClient, TokenSource};
    let of = |name: &'static str| move || reqwest::Client::builder().user_agent(name);
    let source = TokenSource::builder(request_to(edx)).http_client(of("acme/1.0"));
    let mut client = AuthorizedClient::builder(source.build().unwrap());
    if let Some(name) = name {
        client = client.http_client(of(name));
    }
    let client = client.build().unwrap();
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime
        .block_on(client.get(&edx.catalogs_url()).send())
        .unwrap();
}

fn over_ureq(request: TokenRequest) -> Result<LiveToken, TokenError> {
    let agent = ureq::Agent::config_builder()
        .user_agent("acme/1.0")
        .max_redirects(10)
        .redirect_auth_headers(ureq::config::RedirectAuthHeaders::SameHost)
        .http_status_as_error(true)
        .timeout_global(Some(Duration::from_secs(99)));
    let source = edx_auth_ureq::TokenSource::builder(request)
        .policy(no_second_attempt())
        .http_client(agent.build().new_agent());
    let source = source.build().unwrap();
    within_timeout(move || match source.token() {
        Err(edx_auth_ureq::Error::Token(error)) => Err(error),
        token => Ok(token.unwrap()),
    })
}

fn over_reqwest(request: TokenRequest) -> Result<LiveToken, TokenError> {
    let client = || {
        reqwest::Client::builder()
            .user_agent("acme/1.0")
            .redirect(reqwest::redirect::Policy::limited(10))
            .timeout(Duration::from_secs(99))
            .connection_verbose(true)
    };
    let source = edx_auth_reqwest::TokenSource::builder(request)
        .policy(no_second_attempt())
        .http_client(client);
    let source = source.build().unwrap();
    within_timeout(move || {
        let runtime = Builder::new_current_thread().build().unwrap();
        match runtime.block_on(source.token()) {
            Err(edx_auth_reqwest::Error::Token(error)) => Err(error),
            token => Ok(token.unwrap()),
        }
    })
}

fn request_to(edx: &MockEdx) -> TokenRequest {
    let endpoint = TokenEndpoint::open_edx(edx.url()).unwrap();
    let credentials = ClientCredentials::new(edx.client_id(), edx.client_secret()).unwrap();
    TokenRequest::new(endpoint, credentials)
}

/// Returns a policy with backoffs longer than any token timeout.
fn no_second_attempt() -> RenewalPolicy {
    let hour = Duration::from_secs(60 * 60);
    let policy = RenewalPolicy::builder().transient_backoff(hour, hour);
    policy.build().unwrap()
}
