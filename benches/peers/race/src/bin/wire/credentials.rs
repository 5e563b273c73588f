//! Many credentials in one process.

use std::time::Duration;

use edx_auth_core::{ClientCredentials, TokenRequest};
use edx_auth_race::allocations;
use edx_auth_race::endpoint::Endpoint;
use edx_auth_race::figures::Figures;
use tokio::runtime::Builder;

use crate::request;

/// Measures sources that all start without a token at once: the memory of each when all have their token, and
/// the most threads that the process has.
pub(crate) fn credentials(figures: &mut Figures) {
    let endpoint = Endpoint::start(200, 0);
    let requests = requests_to(&endpoint);
    let source = || edx_auth_ureq::TokenSource::new(requests()).expect("a source");
    // A zero timeout starts the token request and does not wait.
    let cold = |source: &edx_auth_ureq::TokenSource| drop(source.token_within(Duration::ZERO));
    let warm = |source: &edx_auth_ureq::TokenSource| drop(source.token().expect("a token"));
    many("edx-auth ureq", source, cold, warm, figures);

    let endpoint = Endpoint::start(200, 0);
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let requests = requests_to(&endpoint);
    let source = || edx_auth_reqwest::TokenSource::new(requests()).expect("a source");
    let cold = |source: &edx_auth_reqwest::TokenSource| {
        drop(runtime.block_on(source.token_within(Duration::ZERO)));
    };
    let warm = |source: &edx_auth_reqwest::TokenSource| {
        drop(runtime.block_on(source.token()).expect("a token"));
    };
    many("edx-auth reqwest", source, cold, warm, figures);
}

/// Returns a function that creates token requests to one site, as a program with many client IDs does.
fn requests_to(endpoint: &Endpoint) -> impl Fn() -> TokenRequest {
    let site = request(endpoint).endpoint().clone();
    move || {
        let credentials = ClientCredentials::new("id", "secret").expect("valid credentials");
        TokenRequest::new(site.clone(), credentials)
    }
}

fn many<S>(
    name: &str,
    source: impl Fn() -> S,
    cold: impl Fn(&S),
    warm: impl Fn(&S),
    figures: &mut Figures,
) {
    // Memory that all sources share belongs to none of them.
    warm(&source());
    until_delivered();
    for count in [1, 10, 100, 1_000, 10_000] {
        let mut most = 0;
        let (_, held) = allocations::held_by(|| {
            let sources: Vec<_> = (0..count).map(|_| source()).collect();
            for source in &sources {
                cold(source);
                most = most.max(own_threads().count());
            }
            sources.iter().for_each(&warm);
            until_delivered();
            sources
        });
        figures.note(format!("credentials/{name} threads/{count}"), most as f64);
        let each = held / f64::from(count);
        figures.note(format!("credentials/{name} bytes/{count}"), each);
    }
}

/// Waits for the threads that deliver tokens: they hold memory until they end.
fn until_delivered() {
    for _ in 0..1_000 {
        if !own_threads().any(|name| name.starts_with("edx-auth")) {
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// Returns the names of all threads of this process.
fn own_threads() -> impl Iterator<Item = String> {
    let tasks = std::fs::read_dir("/proc/self/task").expect("the threads");
    let name = |task: std::fs::DirEntry| std::fs::read_to_string(task.path().join("comm"));
    // A thread that has ended has no name.
    tasks
        .flatten()
        .map(move |task| name(task).unwrap_or_default())
}
