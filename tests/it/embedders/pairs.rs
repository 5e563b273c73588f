//! Credentials that change back and forth: a file between two writers, say.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use edx_auth_core::ClientCredentials;
use edx_auth_testkit::MockEdx;
use edx_auth_tests::drivers::{DRIVERS, Pair, Setup};
use edx_auth_tests::patience::within_patience;

#[test]
fn alternating_credentials_cost_two_requests_and_then_a_backoff() {
    for stack in DRIVERS {
        let edx = MockEdx::start().unwrap();
        let source = (stack.new_source)(Setup {
            pair: Some(wavering()),
            ..Setup::new(&edx.token_url(), "nobody", "s3cret")
        });

        let told = within_patience(move || [source.token(), source.token()]);

        assert!(told.iter().all(Result::is_err), "{}", stack.name);
        assert_eq!(edx.token_requests(), 2, "{}", stack.name);
    }
}

/// Another pair than before, whenever it is asked for.
fn wavering() -> Pair {
    let asked = AtomicUsize::new(0);
    Arc::new(move || {
        let turn = asked.fetch_add(1, Ordering::Relaxed) % 2;
        ClientCredentials::new(format!("nobody-{turn}"), "s3cret").unwrap()
    })
}
