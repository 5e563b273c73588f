//! Many callers at the same time, over real HTTP: the site gets one request.
//!
//! Where all callers have to wait before the token request ends, the site holds its response back (for
//! threads), or the program's credentials function waits behind a [`Gate`] (for tasks).

mod gate;
mod tasks;
mod threads;

use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{ClientCredentials, RenewalPolicy};
use edx_auth_testkit::MockEdx;
use edx_auth_tests::drivers::{CredentialsFn, Setup};

use gate::Gate;

/// Creates settings for the client that the site knows.
fn setup(edx: &MockEdx) -> Setup {
    Setup::new(&edx.token_url(), edx.client_id(), edx.client_secret())
}

fn credentials_behind(gate: &Arc<Gate>, edx: &MockEdx) -> CredentialsFn {
    let credentials = ClientCredentials::new(edx.client_id(), edx.client_secret()).unwrap();
    let gate = Arc::clone(gate);
    Arc::new(move || {
        gate.pass();
        credentials.clone()
    })
}

/// A policy with backoffs of an hour, during which all callers get the failure.
const LONG_PAUSES: RenewalPolicy = {
    let hour = Duration::from_secs(60 * 60);
    match RenewalPolicy::builder()
        .transient_backoff(hour, hour)
        .build()
    {
        Ok(policy) => policy,
        Err(_) => panic!("these numbers fit together"),
    }
};
