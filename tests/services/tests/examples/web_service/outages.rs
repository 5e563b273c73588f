//! Outages of the token endpoint while the service is under load. They fail no request, and each is logged by
//! one line when it begins and one when it ends.

use std::env;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use edx_auth_reqwest::{AuthorizedClient, RenewalPolicy, TokenSource};
use edx_auth_testkit::{Behavior, MockEdx, MockResponse};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};

use super::super::{COURSES, TIMEOUT, request_at};
use super::{example, get};

#[tokio::test(flavor = "multi_thread")]
async fn an_outage_after_a_rejected_token_fails_no_request_and_is_logged_once() {
    let site = MockEdx::start().unwrap();
    let (router, lines) = serve(&site, RenewalPolicy::FOR_TESTS);
    assert_eq!(get(&router, SEARCH).await.status(), 200);

    // Older than the grace for clock skew of `FOR_TESTS`.
    sleep(Duration::from_millis(5)).await;
    site.rotate_signing_key();
    for _ in 0..FAILURES {
        site.next_request(MockEdx::TOKEN_PATH, MockResponse::html(503, ""));
    }
    let mut calls = JoinSet::new();
    for _ in 0..CALLERS {
        let router = router.clone();
        calls.spawn(async move { get(&router, SEARCH).await.status() });
    }

    let statuses = calls.join_all().await;
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
    assert_eq!(site.token_requests(), 1 + FAILURES + 1);
    assert_begins(&lines.recv_timeout(TIMEOUT).unwrap());
    assert_ends(&lines.recv_timeout(TIMEOUT).unwrap());
    assert_eq!(lines.try_iter().count(), 0);
}

/// The token lives as long as the test, and is due for renewal in the outage, which lasts three tenths of
/// that time. With ten minutes, the backoffs are those of a real service.
#[tokio::test(flavor = "multi_thread")]
async fn an_outage_while_the_token_is_due_fails_no_request_and_is_logged_once() {
    let time = testing_time();
    let site = MockEdx::builder().token_lifetime(time).start().unwrap();
    let policy = RenewalPolicy::builder().transient_backoff(time / 600, time / 10);
    let (router, lines) = serve(&site, policy.build().unwrap());
    let (load, began) = (Load::start(&router), Instant::now());

    sleep_until(began + time / 2).await;
    site.on("POST", MockEdx::TOKEN_PATH, MockResponse::html(503, ""));
    assert_begins(&lines.recv_timeout(time + TIMEOUT).unwrap());
    sleep_until(began + time * 8 / 10).await;
    site.on("POST", MockEdx::TOKEN_PATH, Behavior::pass_through());
    assert_ends(&lines.recv_timeout(time + TIMEOUT).unwrap());
    sleep_until(began + time).await;

    let calls = load.end().await;
    let failed = site
        .requests()
        .into_iter()
        .filter(|sent| sent.status() == Some(503))
        .count();
    eprintln!("{calls} calls, none failed; {failed} token requests failed");
    assert!(failed > 0);
    assert_eq!(lines.try_iter().count(), 0);
}

/// Callers of the service, each of which searches again and again.
struct Load {
    callers: JoinSet<()>,
    progress: Arc<Progress>,
}

#[derive(Default)]
struct Progress {
    calls: AtomicUsize,
    has_ended: AtomicBool,
}

impl Load {
    fn start(router: &Router) -> Self {
        let (mut callers, progress) = (JoinSet::new(), Arc::<Progress>::default());
        for _ in 0..CALLERS {
            let (router, progress) = (router.clone(), Arc::clone(&progress));
            callers.spawn(async move { progress.search(&router).await });
        }
        Self { callers, progress }
    }

    /// Returns how many calls there were, none of which failed.
    async fn end(self) -> usize {
        self.progress.has_ended.store(true, Ordering::SeqCst);
        self.callers.join_all().await;
        self.progress.calls.load(Ordering::SeqCst)
    }
}

impl Progress {
    async fn search(&self, router: &Router) {
        while !self.has_ended.load(Ordering::SeqCst) {
            assert_eq!(get(router, SEARCH).await.status(), StatusCode::OK);
            self.calls.fetch_add(1, Ordering::SeqCst);
            sleep(Duration::from_secs(1)).await;
        }
    }
}

/// Starts the service over this site, with timeouts that outlast every outage here, on a slow machine too.
/// Returns it with the lines that it logs.
fn serve(site: &MockEdx, policy: RenewalPolicy) -> (Router, Receiver<String>) {
    site.on_authorized("GET", COURSES, MockResponse::json(200, "[7]"));
    let (log, lines) = mpsc::channel();
    let source = TokenSource::builder(request_at(site))
        .policy(policy)
        .on_event(example::on_change(move |line| log.send(line).unwrap()));
    let client = AuthorizedClient::builder(source.build().unwrap())
        .token_timeout(TIMEOUT)
        .timeout(TIMEOUT);
    let courses = format!("{}{COURSES}", site.url());
    (example::router(client.build().unwrap(), courses), lines)
}

fn assert_begins(line: &str) {
    let expected = "no newer token: the token endpoint http://127.0.0.1";
    assert!(line.starts_with(expected), "{line}");
}

fn assert_ends(line: &str) {
    assert_eq!(line, "tokens are renewed again");
}

/// Returns how long the load lasts: by default a few seconds.
fn testing_time() -> Duration {
    let seconds = env::var("EDX_AUTH_TEST_LOAD_SECONDS");
    Duration::from_secs(seconds.map_or(5, |seconds| seconds.parse().unwrap()))
}

const SEARCH: &str = "/courses?keyword=rust";
const CALLERS: usize = 100;
const FAILURES: usize = 5;
