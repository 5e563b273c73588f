//! Tests of the engine without a source: attempts that wait in a queue, leases that ran out (the time in
//! which an attempt has to end), missing threads, and wakers.
#![allow(clippy::panic, clippy::unwrap_used, reason = "a test may panic")]

mod attempts;
mod lost;
#[cfg(feature = "async")]
mod wakers;

use super::*;
use crate::testing::{Site, TIMEOUT, credentials};
use edx_auth_core::RenewalPolicy;

fn engine(site: &Site, policy: RenewalPolicy) -> Engine {
    let agent = TokenAgent::new(site.request(), policy).with_token_timeout(TIMEOUT);
    let provide = || Ok(credentials("acme-api"));
    Engine::new(agent, Box::new(site.transport())).with_credentials(Box::new(provide))
}

fn token(engine: &Arc<Engine>) -> Result<LiveToken, TokenError> {
    engine.block_on(acquire(Need::any(), None))
}

fn token_within(engine: &Arc<Engine>, timeout: Duration) -> Result<LiveToken, TokenError> {
    engine.block_on(acquire(Need::any(), Some(timeout)))
}

/// Lets other sources have as many token requests under way at this site's host as are allowed at once.
fn take_all_places_of(site: &Site) {
    for number in 1..=PLACES_PER_HOST {
        let other = Arc::new(engine(site, crate::testing::LONG_BACKOFFS));
        token_within(&other, Duration::ZERO).unwrap_err();
        site.receives(number);
    }
}

const PLACES_PER_HOST: usize = 16;
