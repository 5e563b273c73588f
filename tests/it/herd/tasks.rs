//! Tasks over reqwest, all of them waiting before the token request begins.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::task::{Context, Waker};

use edx_auth_core::RenewalPolicy;
use edx_auth_reqwest::{Error, LiveToken, TokenSource};
use edx_auth_testkit::{MockEdx, MockResponse};
use edx_auth_tests::timeout::within_timeout;
use tokio::runtime::Builder;
use tokio::task::JoinSet;

use super::{Gate, LONG_PAUSES, credentials_behind, setup};

#[test]
fn ten_thousand_tasks_without_a_token_share_one_request() {
    let edx = MockEdx::start().unwrap();
    let gate = Arc::new(Gate::default());
    let source = source_behind(&gate, &edx, RenewalPolicy::DEFAULT);
    gate.close();

    let herd = within_timeout(move || ten_thousand_tasks(&source, &gate));

    assert_eq!(herd.iter().filter(|token| token.is_ok()).count(), 10_000);
    assert_eq!(edx.token_requests(), 1);
}

#[test]
fn fifty_tasks_at_a_failing_site_get_the_same_error() {
    let edx = MockEdx::start().unwrap();
    edx.next_request(
        MockEdx::TOKEN_PATH,
        MockResponse::html(503, "<h1>Be right back</h1>"),
    );
    let gate = Arc::new(Gate::default());
    let source = source_behind(&gate, &edx, LONG_PAUSES);
    gate.close();

    let herd = within_timeout(move || {
        let asking = (0..50).map(|_| source.token()).collect();
        opened_once_all_wait(asking, &gate)
    });

    let told = herd.into_iter().map(|told| told.unwrap_err().to_string());
    assert_eq!(told.collect::<BTreeSet<_>>().len(), 1);
    assert_eq!(edx.token_requests(), 1);
}

#[test]
fn fifty_queued_forced_renewals_are_one_request() {
    let edx = MockEdx::start().unwrap();
    let gate = Arc::new(Gate::default());
    let source = source_behind(&gate, &edx, RenewalPolicy::DEFAULT);

    let (old, herd) = within_timeout(move || {
        let old = opened_once_all_wait(vec![source.token()], &gate).remove(0);
        gate.close();
        let asking = (0..50).map(|_| source.renew_now()).collect();
        (old.unwrap(), opened_once_all_wait(asking, &gate))
    });

    let is_newer = |token: LiveToken| token.generation() > old.generation();
    assert!(herd.into_iter().all(|token| token.is_ok_and(is_newer)));
    assert_eq!(edx.token_requests(), 2);
}

type Asked = Result<LiveToken, Error>;

fn source_behind(gate: &Arc<Gate>, edx: &MockEdx, policy: RenewalPolicy) -> TokenSource {
    let credentials = credentials_behind(gate, edx);
    let source = TokenSource::builder(setup(edx).request)
        .credentials(move || Ok(credentials()))
        .policy(policy);
    source.build().unwrap()
}

/// Runs the tasks on a multi-threaded runtime, and opens the gate once all of them are spawned.
fn ten_thousand_tasks(source: &TokenSource, gate: &Gate) -> Vec<Asked> {
    let runtime = Builder::new_multi_thread().worker_threads(4).build();
    runtime.unwrap().block_on(async {
        let mut herd = JoinSet::new();
        for _ in 0..10_000 {
            let source = source.clone();
            herd.spawn(async move { source.token().await });
        }
        gate.open();
        herd.join_all().await
    })
}

/// Polls each future once, opens the gate, and returns the results.
fn opened_once_all_wait(asking: Vec<impl Future<Output = Asked>>, gate: &Gate) -> Vec<Asked> {
    let mut asking: Vec<_> = asking.into_iter().map(Box::pin).collect();
    let mut context = Context::from_waker(Waker::noop());
    for one in &mut asking {
        assert!(one.as_mut().poll(&mut context).is_pending());
    }
    gate.open();
    let runtime = Builder::new_current_thread().build().unwrap();
    asking
        .into_iter()
        .map(|one| runtime.block_on(one))
        .collect()
}
