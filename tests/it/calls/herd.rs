//! Many calls at the same time whose token is rejected: they cost one token request.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use edx_auth_core::{ClientCredentials, Verdict};
use edx_auth_testkit::{Fingerprint, MockEdx, MockResponse};
use edx_auth_tests::clients::{CLIENTS, Call, Called, HttpLibrary, Setup, age_tokens};
use edx_auth_tests::drivers::CredentialsFn;
use edx_auth_tests::timeout::within_timeout;

#[test]
fn a_hundred_rejections_of_one_token_cost_one_token_request() {
    for library in CLIENTS {
        let (edx, old, called) = within_timeout(move || a_hundred_rejected(library));

        let success = called
            .iter()
            .flatten()
            .filter(|response| response.status == 200);
        assert_eq!(success.count(), 100, "{}", library.name);
        assert_eq!(edx.token_requests(), 2, "{}", library.name);
        let with_old = requests(&edx, |token| token == Some(old));
        let with_others = requests(&edx, |token| token.is_some_and(|token| token != old));
        assert_eq!((with_old, with_others), (100, 100), "{}", library.name);
    }
}

#[test]
fn a_site_that_rejects_every_token_gets_at_most_three_token_requests() {
    for library in CLIENTS {
        let (edx, called) = within_timeout(move || two_hundred_rejected(library));

        assert_eq!(called.len(), 200);
        for response in called {
            let response = response.unwrap();
            assert_eq!(response.status, 401, "{}", library.name);
            assert_eq!(
                response.verdict,
                Some(Verdict::TokenRejected),
                "{}",
                library.name
            );
            assert_eq!(response.body, INVALID.as_bytes(), "{}", library.name);
        }
        let issued = edx.token_requests();
        assert!(
            (1..=3).contains(&issued),
            "{}: {issued} issued",
            library.name
        );
    }
}

/// Sends a hundred calls with a revoked token. The next token is issued once all of them have been
/// rejected. Returns the fingerprint of the revoked token.
fn a_hundred_rejected(library: HttpLibrary) -> (MockEdx, Fingerprint, Vec<Called>) {
    let edx = Arc::new(MockEdx::start().unwrap());
    age_tokens(&edx);
    let client = (library.new_client)(Setup {
        credentials: Some(credentials_after_the_herd(&edx)),
        ..Setup::of(&edx)
    });
    let warm = client.call(Call::get(edx.catalogs_url())).unwrap();
    assert_eq!(warm.status, 200);
    let old = edx.requests().last().unwrap().token().unwrap();
    edx.rotate_signing_key();

    let called = client.at_once(vec![Call::get(url(&edx)); 100]);

    drop(client);
    (sole_owner(edx), old, called)
}

/// Returns the site's credentials; from the second time on, only after a hundred calls have arrived.
fn credentials_after_the_herd(edx: &Arc<MockEdx>) -> CredentialsFn {
    let (edx, asked) = (Arc::downgrade(edx), AtomicUsize::new(0));
    Arc::new(move || {
        let edx = edx.upgrade().unwrap();
        let herd = |edx: &MockEdx| requests(edx, |token| token.is_some());
        let is_first = asked.fetch_add(1, Ordering::Relaxed) == 0;
        while !is_first && herd(&edx) < 100 {
            thread::sleep(Duration::from_millis(1));
        }
        ClientCredentials::new(edx.client_id(), edx.client_secret()).unwrap()
    })
}

fn two_hundred_rejected(library: HttpLibrary) -> (MockEdx, Vec<Called>) {
    let edx = MockEdx::start().unwrap();
    age_tokens(&edx);
    edx.on("GET", "/api/", MockResponse::json(401, INVALID));
    let client = (library.new_client)(Setup::of(&edx));
    let call = Call::get(format!("{}/api/", edx.url())).timeout(BELOW_THE_BACKOFF);

    let mut called = client.at_once(vec![call.clone(); 100]);
    called.extend((0..100).map(|_| client.call(call.clone())));

    (edx, called)
}

/// Counts the calls whose token meets the condition.
fn requests(edx: &MockEdx, is_such: impl Fn(Option<Fingerprint>) -> bool) -> usize {
    let requests = edx.requests();
    let herd = requests.iter().filter(|sent| sent.query() == Some("herd"));
    herd.filter(|sent| is_such(sent.token())).count()
}

fn url(edx: &MockEdx) -> String {
    edx.catalogs_url() + "?herd"
}

fn sole_owner(mut edx: Arc<MockEdx>) -> MockEdx {
    loop {
        match Arc::try_unwrap(edx) {
            Ok(edx) => return edx,
            Err(shared) => edx = shared,
        }
        thread::yield_now();
    }
}

/// Renewals after rejections are ten seconds apart, from the second one on.
const BELOW_THE_BACKOFF: Duration = Duration::from_secs(5);

const INVALID: &str = r#"{"detail":"Invalid token."}"#;
