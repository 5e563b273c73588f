//! Tests of the async client alone: runtimes of every kind, no runtime, and clients that the program built.

use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::time::{Duration, Instant};

use edx_auth_core::TransportRules;
use edx_auth_reqwest::{
    AccessToken, AuthorizedClient, ClientCredentials, Error, Origins, TokenEndpoint, TokenRequest,
    TokenSource, TokenType,
};
use edx_auth_testkit::{Behavior, Fingerprint, MockEdx, MockResponse, ReceivedRequest};
use edx_auth_tests::clients::{Setup, on_a_runtime, under_a_paused_clock};
use edx_auth_tests::debug_output;
use edx_auth_tests::timeout::within_timeout;
use reqwest::{Body, Method, Request};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;

#[test]
fn a_paused_clock_ends_no_call() {
    under_a_paused_clock(async || {
        let edx = MockEdx::start().unwrap();
        let slow = Behavior::after(Duration::from_millis(100), MockResponse::json(200, "[]"));
        edx.next_request("/api/", slow.clone());
        edx.next_request(
            "/api/",
            Behavior::slow_body(MockResponse::json(200, "[]"), Duration::from_millis(1)),
        );
        edx.next_request("/api/", MockResponse::json(401, ""));
        edx.next_request("/api/", slow);
        let client = client(&edx);

        for _call in 0..3 {
            let response = client.get(&api(&edx)).send().await.unwrap();
            assert_eq!(response.status(), 200);
            assert_eq!(response.text().await.unwrap(), "[]");
        }
    });
}

/// reqwest's feature `multipart` is on in the workspace `unified` alone.
#[cfg(feature = "unified")]
#[test]
fn a_multipart_form_of_reqwest_is_executed() {
    on_a_runtime(async || {
        let edx = MockEdx::start().unwrap();
        edx.on("POST", "/api/", MockResponse::json(201, "{}"));
        let client = client(&edx);

        let form = reqwest::multipart::Form::new().text("user", "ada");
        let request = reqwest::Client::new().post(api(&edx)).multipart(form);
        let response = client.execute(request.build().unwrap()).await.unwrap();

        assert_eq!(response.status(), 201);
        let sent = edx.requests().pop().unwrap();
        assert!(sent.token().is_some());
        let content_type = sent.header("content-type").unwrap();
        assert!(content_type.starts_with("multipart/form-data; boundary="));
    });
}

#[test]
fn under_a_paused_clock_calls_still_time_out() {
    under_a_paused_clock(async || {
        let edx = MockEdx::start().unwrap();
        edx.on("GET", "/api/", Behavior::stall());
        let client = client(&edx);
        client.source().token().await.unwrap();

        let call = client.get(&api(&edx)).timeout(Duration::from_millis(300));
        let error = call.send().await.unwrap_err();

        assert!(
            error.to_string().ends_with("did not respond in time"),
            "{error}"
        );
    });
}

/// The call itself may take 90 seconds.
#[test]
fn an_api_that_cannot_be_connected_to_is_given_up_early() {
    on_a_runtime(cannot_connect);
}

#[test]
fn under_a_paused_clock_connecting_is_given_up_in_real_time() {
    under_a_paused_clock(cannot_connect);
}

async fn cannot_connect() {
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("https://{}", silent.local_addr().unwrap());
    let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
    let source = TokenSource::fixed(token, Origins::none().allow(&origin).unwrap());
    let client = AuthorizedClient::new(source).unwrap();
    let start = Instant::now();

    let error = client.get(&origin).send().await.unwrap_err();

    assert!(
        error.to_string().ends_with("could not be reached"),
        "{error}"
    );
    assert!(start.elapsed() >= TransportRules::CONNECT_TIMEOUT);
}

#[test]
fn a_list_can_be_read_under_a_paused_clock() {
    under_a_paused_clock(async || {
        let edx = MockEdx::start().unwrap();
        edx.next_request(MockEdx::CATALOGS_PATH, Behavior::pass_through());
        edx.next_request(MockEdx::CATALOGS_PATH, MockResponse::html(503, ""));
        let mut pages = client(&edx).pages::<serde_json::Value>(&edx.catalogs_url());

        let mut items = 0;
        while let Some(item) = pages.next().await {
            item.unwrap();
            items += 1;
        }

        assert_eq!(items, 25);
    });
}

#[test]
fn a_client_outlives_the_runtime_that_it_was_used_in() {
    within_timeout(|| {
        let edx = MockEdx::start().unwrap();
        edx.on("GET", "/api/", MockResponse::json(200, "[]"));
        let client = client(&edx);

        for _runtime in 0..3 {
            let runtime = runtime();
            for _call in 0..2 {
                let response = runtime.block_on(client.get(&api(&edx)).send());
                assert_eq!(response.unwrap().status(), 200);
            }
        }

        assert_eq!(edx.token_requests(), 1);
        assert_eq!(edx.requests().len(), 7);
    });
}

/// Each runtime stands still while the others are used.
#[test]
fn calls_from_several_runtimes_need_no_other_runtime_to_run() {
    within_timeout(|| {
        let edx = MockEdx::start().unwrap();
        edx.on("GET", "/api/", MockResponse::json(200, "[]"));
        edx.on("POST", "/api/", MockResponse::json(201, "{}"));
        let client = client(&edx);
        let several = Builder::new_multi_thread().enable_all().build().unwrap();
        let runtimes = [runtime(), runtime(), several];

        for _round in 0..3 {
            for (number, runtime) in runtimes.iter().enumerate() {
                let url = format!("{}?runtime={number}", api(&edx));
                assert_eq!(runtime.block_on(completed(client.get(&url))), 200);
                let post = client.post(&url).body("{}");
                assert_eq!(runtime.block_on(completed(post)), 201);
            }
        }

        let users = users_of_connections(&edx);
        assert!(users.iter().all(|users| users.len() == 1), "{users:?}");
    });
}

#[test]
fn two_tenants_share_one_connection_and_no_token() {
    on_a_runtime(async || {
        let edx = MockEdx::builder()
            .client("acme", "a")
            .client("umbrella", "u");
        let edx = edx.start().unwrap();
        edx.on_authorized("GET", "/api/", MockResponse::json(200, "[]"));
        let [acme, umbrella] =
            [("acme", "a"), ("umbrella", "u")].map(|tenant| tenant_of(&edx, tenant));
        let acme = AuthorizedClient::new(acme).unwrap();
        let umbrella = acme.with_source(umbrella).unwrap();

        for client in [&acme, &umbrella, &acme, &umbrella] {
            assert_eq!(completed(client.get(&api(&edx))).await, 200);
        }

        let calls = edx.requests().into_iter();
        let calls: Vec<_> = calls.filter(|sent| sent.path() == "/api/").collect();
        let connections: BTreeSet<_> = calls.iter().map(ReceivedRequest::connection).collect();
        assert_eq!(connections.len(), 1);
        let tokens: Vec<_> = calls.iter().map(|sent| sent.token().unwrap()).collect();
        let [acme, umbrella] = [fingerprint_of(&acme).await, fingerprint_of(&umbrella).await];
        assert_ne!(acme, umbrella);
        assert_eq!(tokens, [acme, umbrella, acme, umbrella]);
    });
}

async fn fingerprint_of(client: &AuthorizedClient) -> Fingerprint {
    let token = client.source().token().await.unwrap();
    let authorization = token.authorization().to_str().unwrap();
    Fingerprint::of(authorization.strip_prefix("JWT ").unwrap())
}

#[test]
fn a_tenant_with_its_own_http_client_has_its_own_connections() {
    on_a_runtime(async || {
        let edx = MockEdx::start().unwrap();
        edx.on_authorized("GET", "/api/", MockResponse::json(200, "[]"));
        let own = || reqwest::Client::builder().user_agent("own/1");
        let plain = TokenSource::new(Setup::of(&edx).request).unwrap();
        let named = TokenSource::builder(Setup::of(&edx).request).http_client(own);
        let plain = AuthorizedClient::new(plain).unwrap();
        let named = plain.with_source(named.build().unwrap()).unwrap();

        for client in [&plain, &named] {
            assert_eq!(completed(client.get(&api(&edx))).await, 200);
        }

        let calls = edx
            .requests()
            .into_iter()
            .filter(|sent| sent.path() == "/api/");
        let [first, second] = calls.collect::<Vec<_>>().try_into().unwrap();
        assert_ne!(first.connection(), second.connection());
        assert_ne!(first.header("user-agent"), Some("own/1"));
        assert_eq!(second.header("user-agent"), Some("own/1"));
    });
}

#[test]
fn a_tenant_at_a_site_without_tls_shares_a_client_for_tls() {
    on_a_runtime(async || {
        let edx = MockEdx::start().unwrap();
        edx.on("GET", "/api/", MockResponse::json(200, "[]"));
        let local = Origins::none().allow(edx.url()).unwrap();
        let [encrypted, plaintext] = [Origins::edx(), local].map(|origins| {
            let token = AccessToken::new(TokenType::Jwt, "a.b.c").unwrap();
            TokenSource::fixed(token, origins)
        });

        let client = AuthorizedClient::new(encrypted).unwrap();
        let client = client.with_source(plaintext).unwrap();

        assert_eq!(completed(client.get(&api(&edx))).await, 200);
    });
}

#[test]
fn a_worker_that_computes_after_its_call_delays_no_other_worker() {
    within_timeout(|| {
        let edx = MockEdx::start().unwrap();
        edx.on("GET", "/api/", MockResponse::json(200, "[]"));
        let client = client(&edx);
        let (computing, called) = std::sync::mpsc::channel();
        let (go_home, until) = std::sync::mpsc::channel::<()>();
        let (worker, url) = (client.clone(), api(&edx));
        let thread = std::thread::spawn(move || {
            runtime().block_on(async {
                worker.get(&url).send().await.unwrap();
                computing.send(()).unwrap();
                until.recv().unwrap();
            });
        });

        called.recv().unwrap();
        let response = runtime().block_on(client.get(&api(&edx)).send());

        assert_eq!(response.unwrap().status(), 200);
        go_home.send(()).unwrap();
        thread.join().unwrap();
    });
}

#[test]
fn a_runtime_keeps_its_connections_while_others_come_and_go() {
    within_timeout(|| {
        let edx = MockEdx::start().unwrap();
        edx.on("GET", "/api/", MockResponse::json(200, "[]"));
        let client = client(&edx);
        let main = runtime();
        let url = format!("{}?runtime=main", api(&edx));

        for _short_lived in 0..10 {
            assert_eq!(main.block_on(completed(client.get(&url))), 200);
            let other = client.get(&api(&edx));
            assert_eq!(runtime().block_on(completed(other)), 200);
        }

        let users = users_of_connections(&edx);
        let main = String::from("runtime=main");
        let kept = users.iter().filter(|users| users.contains(&main)).count();
        assert!(kept < 10, "{users:?}");
    });
}

#[test]
fn a_dropped_call_leaves_its_token_to_the_next_call() {
    on_a_runtime(async || {
        let edx = MockEdx::start().unwrap();
        let slow = Behavior::after(Duration::from_millis(100), Behavior::pass_through());
        edx.on("POST", MockEdx::TOKEN_PATH, slow);
        edx.on("GET", "/stalled/", Behavior::stall());
        let client = AuthorizedClient::new(TokenSource::new(Setup::of(&edx).request).unwrap());
        let client = client.unwrap();
        let stalled = format!("{}/stalled/", edx.url());

        assert!(poll_once(client.get(&stalled).send()).is_none());
        let given_up = timeout(Duration::from_secs(1), client.get(&stalled).send());
        assert!(given_up.await.is_err());
        let response = client.get(&edx.catalogs_url()).send().await;

        assert_eq!(response.unwrap().status(), 200);
        assert_eq!(edx.token_requests(), 1);
    });
}

#[test]
fn an_inspected_response_is_an_unchanged_reqwest_response() {
    on_a_runtime(async || {
        let edx = MockEdx::start().unwrap();
        edx.on("GET", "/api/", MockResponse::redirect(301, "/there/"));
        edx.on(
            "GET",
            "/there/",
            MockResponse::json(422, "x".repeat(100_000)),
        );

        let response = client(&edx).get(&api(&edx)).send().await.unwrap();

        assert_eq!(response.url().as_str(), format!("{}/there/", edx.url()));
        assert_eq!(response.content_length(), Some(100_000));
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(
            response
                .error_for_status_ref()
                .unwrap_err()
                .status()
                .unwrap(),
            422
        );
        assert_eq!(response.text().await.unwrap(), "x".repeat(100_000));
    });
}

#[test]
fn a_slow_error_body_does_not_hold_back_its_status() {
    on_a_runtime(async || {
        let edx = MockEdx::start().unwrap();
        let head = "HTTP/1.1 503 \r\nContent-Length: 9\r\n\r\n[";
        edx.on("GET", "/api/", Behavior::endless(head, ""));
        let client = client(&edx);

        let call = client.get(&api(&edx)).timeout(Duration::from_secs(60 * 60));
        let response = call.send().await.unwrap();

        assert_eq!(response.status(), 503);
        let body = timeout(Duration::from_millis(10), response.bytes());
        assert!(body.await.is_err(), "the rest of the body is still to come");
    });
}

#[test]
fn without_a_runtime_a_call_is_an_error() {
    let edx = MockEdx::start().unwrap();
    let client = client(&edx);

    let error = poll_once(client.get(&api(&edx)).send());

    assert!(matches!(error, Some(Err(Error::Setup(_)))), "{error:?}");
    assert_eq!(edx.requests().len(), 0);
}

#[test]
fn a_redirect_that_a_supplied_client_followed_is_an_error() {
    for status in [301, 302, 303, 307, 308] {
        for is_far in [false, true] {
            let [edx, other] = [(); 2].map(|()| MockEdx::start().unwrap());
            other.on("GET", "/there/", MockResponse::json(200, "[]"));
            edx.on("GET", "/there/", MockResponse::json(200, "[]"));
            let site = if is_far { &other } else { &edx };
            let there = format!("{}/there/", site.url());
            edx.on("GET", "/api/", MockResponse::redirect(status, there));
            let url = api(&edx);

            let error = within_timeout(move || {
                let client = AuthorizedClient::builder(source(&edx));
                let client = client.dangerously_use_client(reqwest::Client::new());
                let call = client.build().unwrap().get(&url).send();
                runtime().block_on(call).unwrap_err()
            });

            let case = format!("{status} {is_far}: {error}");
            assert!(
                error
                    .to_string()
                    .ends_with("and the HTTP client followed it"),
                "{case}"
            );
            assert!(!error.is_retryable(), "{case}");
            assert!(error.advice().contains("follow no redirects"), "{case}");
            assert!(
                !debug_output::of_error(&error).concat().contains("JWT "),
                "{case}"
            );
        }
    }
}

#[test]
fn a_builder_that_would_follow_redirects_follows_none() {
    within_timeout(|| {
        let [edx, other] = [(); 2].map(|()| MockEdx::start().unwrap());
        edx.on(
            "GET",
            "/api/",
            MockResponse::redirect(302, other.catalogs_url()),
        );
        let builder = || reqwest::Client::builder().redirect(reqwest::redirect::Policy::limited(9));
        let client = AuthorizedClient::builder(source(&edx)).http_client(builder);

        let call = client.build().unwrap().get(&api(&edx)).send();
        let response = runtime().block_on(call).unwrap();

        assert_eq!(response.status(), 302);
        assert_eq!(other.requests().len(), 0);
    });
}

#[test]
fn a_reqwest_request_with_a_stream_is_sent_once() {
    within_timeout(|| {
        let edx = MockEdx::start().unwrap();
        edx.on("POST", "/api/", MockResponse::json(401, ""));
        let mut request = Request::new(Method::POST, api(&edx).parse().unwrap());
        let body = Body::wrap(Body::from("{}"));
        *request.body_mut() = Some(body);

        let response = runtime().block_on(client(&edx).execute(request)).unwrap();

        assert_eq!(response.status(), 401);
        assert_eq!(edx.requests().len() - edx.token_requests(), 1);
    });
}

#[test]
fn a_reqwest_request_keeps_its_timeout() {
    within_timeout(|| {
        let edx = MockEdx::start().unwrap();
        edx.on("GET", "/api/", Behavior::stall());
        let mut request = Request::new(Method::GET, api(&edx).parse().unwrap());
        *request.timeout_mut() = Some(Duration::from_millis(300));
        let (client, runtime) = (client(&edx), runtime());
        runtime.block_on(client.source().token()).unwrap();

        let error = runtime.block_on(client.execute(request)).unwrap_err();

        assert!(
            error.to_string().ends_with("did not respond in time"),
            "{error}"
        );
    });
}

/// Returns the result of a future that is polled once.
fn poll_once<T>(work: impl Future<Output = T>) -> Option<T> {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(work).poll(&mut context) {
        std::task::Poll::Ready(done) => Some(done),
        std::task::Poll::Pending => None,
    }
}

fn client(edx: &MockEdx) -> AuthorizedClient {
    AuthorizedClient::new(source(edx)).unwrap()
}

fn tenant_of(edx: &MockEdx, (id, secret): (&str, &str)) -> TokenSource {
    let endpoint = TokenEndpoint::open_edx(edx.url()).unwrap();
    let credentials = ClientCredentials::new(id, secret).unwrap();
    TokenSource::new(TokenRequest::new(endpoint, credentials)).unwrap()
}

/// Creates a source whose first two tokens are old enough to be renewed as soon as an API rejects them.
fn source(edx: &MockEdx) -> TokenSource {
    for generation in 1..=2 {
        edx.next_request(MockEdx::TOKEN_PATH, super::row::issued(generation));
    }
    let setup = Setup::of(edx);
    let source = TokenSource::builder(setup.request).policy(setup.policy);
    source.build().unwrap()
}

/// Returns the status of a response whose body was read. Until then its connection is in use.
async fn completed(call: edx_auth_reqwest::RequestBuilder) -> u16 {
    let response = call.send().await.unwrap();
    let status = response.status();
    response.bytes().await.unwrap();
    status.as_u16()
}

/// Returns the queries that were sent over each connection.
fn users_of_connections(edx: &MockEdx) -> Vec<BTreeSet<String>> {
    let mut users = BTreeMap::<usize, BTreeSet<String>>::new();
    for sent in edx.requests().iter().filter(|sent| sent.path() == "/api/") {
        let query = sent.query().unwrap_or_default().to_owned();
        users.entry(sent.connection()).or_default().insert(query);
    }
    users.into_values().collect()
}

fn api(edx: &MockEdx) -> String {
    format!("{}/api/", edx.url())
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}
