//! The layers of `edx-auth-reqwest`: the token for calls through an HTTP client of the program, inside of
//! its retries.

mod order;
mod over_middleware;
mod over_tower;
mod unknown;

use std::error::Error;
use std::time::Duration;

use bytes::Bytes;
use edx_auth_reqwest::{RenewalPolicy, TokenSource};
use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use edx_auth_tests::clients;
use edx_auth_tests::timeout::CALL_TIMEOUT;
use http::{Method, Request, Response};
use tokio::runtime::{Builder, Runtime};

pub(crate) use over_middleware::OverMiddleware;
pub(crate) use over_tower::OverTower;

/// A client with a layer, and with retries around that.
pub(crate) trait Layered: Send + Sync + Sized + 'static {
    /// Creates a client that repeats a call this often if it is throttled or the server is in trouble.
    fn new(source: TokenSource, timeout: Duration, retries: usize) -> Self;

    /// Sends a request whose body can be copied.
    async fn call(&self, request: Request<Vec<u8>>) -> Called;

    /// Sends a request whose body is a stream.
    async fn call_once(&self, request: Request<Vec<u8>>) -> Called;
}

pub(crate) type Called = Result<Response<Bytes>, Box<dyn Error + Send + Sync>>;

/// A mock, a source for it and a runtime.
struct Site {
    edx: MockEdx,
    source: TokenSource,
    runtime: Runtime,
}

impl Site {
    /// Starts a mock with three different tokens, which are older than the grace for clock skew when they
    /// arrive. A token is replaced once in an hour if APIs reject it.
    fn start() -> Self {
        let edx = MockEdx::start().unwrap();
        for token in ["first.of.three", "second.of.three", "third.of.three"] {
            let body = format!(
                r#"{{"access_token": "{token}", "expires_in": 3600, "token_type": "JWT"}}"#
            );
            let token = Behavior::after(PAST_THE_GRACE, MockResponse::json(200, body));
            edx.next_request(MockEdx::TOKEN_PATH, token);
        }
        let policy = RenewalPolicy::builder()
            .skew_grace(PAST_THE_GRACE / 3)
            .rejection_backoff(AN_HOUR, AN_HOUR);
        let source =
            TokenSource::builder(clients::Setup::of(&edx).request).policy(policy.build().unwrap());
        Self {
            source: source.build().unwrap(),
            edx,
            runtime: Builder::new_multi_thread().enable_all().build().unwrap(),
        }
    }

    fn url(&self) -> String {
        format!("{}{API}", self.edx.url())
    }

    /// Creates a client without retries.
    fn client<L: Layered>(&self) -> L {
        self.retrying(0)
    }

    fn retrying<L: Layered>(&self, retries: usize) -> L {
        let _in_runtime = self.runtime.enter();
        L::new(self.source.clone(), CALL_TIMEOUT, retries)
    }

    fn get<L: Layered>(&self, client: &L) -> Called {
        let request = request(Method::GET, &self.url(), "");
        self.runtime.block_on(client.call(request))
    }

    /// Returns the fingerprints of the tokens that the API received.
    fn tokens(&self) -> Vec<String> {
        let requests = self.edx.requests();
        let calls = requests.iter().filter(|sent| sent.path() == API);
        calls
            .map(|sent| sent.token().unwrap().to_string())
            .collect()
    }
}

fn request(method: Method, url: &str, body: &str) -> Request<Vec<u8>> {
    let request = Request::builder().method(method).uri(url);
    request.body(body.into()).unwrap()
}

const API: &str = "/api/layered/";
const PAST_THE_GRACE: Duration = Duration::from_millis(3);
const AN_HOUR: Duration = Duration::from_secs(60 * 60);
