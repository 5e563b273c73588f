//! Many callers at one moment, over real HTTP: the site notices one of them.
//!
//! Where an exchange has to be held back until all callers are in line, it is held by the site, which
//! keeps its reply; of tasks, where the program is asked for its pair.

mod gate;
mod tasks;
mod threads;

use std::sync::Arc;
use std::time::Duration;

use edx_auth_core::{ClientCredentials, RenewalPolicy};
use edx_auth_testkit::MockEdx;
use edx_auth_tests::drivers::{Pair, Setup};

use gate::Gate;

/// A source for the site's own client.
fn setup(edx: &MockEdx) -> Setup {
    Setup::new(&edx.token_url(), edx.client_id(), edx.client_secret())
}

fn pair_behind(gate: &Arc<Gate>, edx: &MockEdx) -> Pair {
    let pair = ClientCredentials::new(edx.client_id(), edx.client_secret()).unwrap();
    let gate = Arc::clone(gate);
    Arc::new(move || {
        gate.pass();
        pair.clone()
    })
}

/// A failure is told to everybody who asks for an hour.
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
