//! Credentials that change back and forth, for example in a file with two writers.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use edx_auth_core::ClientCredentials;
use edx_auth_testkit::MockEdx;
use edx_auth_tests::drivers::{CredentialsFn, DRIVERS, Setup};
use edx_auth_tests::timeout::within_timeout;

#[test]
fn alternating_credentials_cost_two_requests_and_then_a_backoff() {
    for stack in DRIVERS {
        let edx = MockEdx::start().unwrap();
        let source = (stack.new_source)(Setup {
            credentials: Some(alternating()),
            ..Setup::new(&edx.token_url(), "unknown", "s3cret")
        });

        let told = within_timeout(move || [source.token(), source.token()]);

        assert!(told.iter().all(Result::is_err), "{}", stack.name);
        assert_eq!(edx.token_requests(), 2, "{}", stack.name);
    }
}

/// Returns two different credentials in turn.
fn alternating() -> CredentialsFn {
    let asked = AtomicUsize::new(0);
    Arc::new(move || {
        let turn = asked.fetch_add(1, Ordering::Relaxed) % 2;
        ClientCredentials::new(format!("unknown-{turn}"), "s3cret").unwrap()
    })
}
