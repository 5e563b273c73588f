//! Hostile servers, against the token sources of all HTTP stacks, one threat per file. The table in
//! `SECURITY.md` lists them.

mod bombs;
mod bytes_read;
mod connections;
mod cookies;
mod floods;
mod malformed;
mod not_oauth;
mod proxies;
mod redirects;
mod revoked;
mod slowloris;
mod smuggling;
mod throttled;

use std::thread;
use std::time::Duration;

use edx_auth_core::{ErrorKind, ExchangeError, LiveToken, RenewalError, RenewalPolicy, TokenError};
use edx_auth_testkit::MockEdx;
use edx_auth_tests::debug_output;
use edx_auth_tests::drivers::{DRIVERS, HttpStack, Setup};
use edx_auth_tests::timeout::{within, within_timeout};

/// Runs the test over all stacks at the same time. It fails if one of them fails.
fn over_every_stack(play: impl Fn(HttpStack) + Send + Sync + 'static) {
    within(GUARD, move || {
        let play = &play;
        thread::scope(|scope| {
            for stack in DRIVERS {
                scope.spawn(move || play(stack));
            }
        });
    });
}

/// Creates settings for a source that sends one token request: its backoffs outlast every test.
fn setup(edx: &MockEdx) -> Setup {
    Setup {
        policy: LONG_PAUSES,
        ..Setup::new(&edx.token_url(), edx.client_id(), edx.client_secret())
    }
}

/// Like [`setup`], with a deadline that a slow server exceeds soon.
fn hasty_setup(edx: &MockEdx) -> Setup {
    let setup = setup(edx);
    Setup {
        request: setup.request.deadline(DEADLINE),
        ..setup
    }
}

/// Asks a new source for one token, within the time limit.
fn ask(stack: HttpStack, setup: Setup) -> Result<LiveToken, TokenError> {
    let asked = within_timeout(move || (stack.new_source)(setup).token());
    if let Err(error) = &asked {
        let shown = debug_output::of_error(error).concat() + error.advice();
        assert!(!shown.contains("mock-edx-secret"), "{}", stack.name);
    }
    asked
}

/// Returns the error of the token request. A request that was abandoned has none.
fn exchange_error(error: &TokenError) -> &ExchangeError {
    match error.renewal_error() {
        Some(RenewalError::Exchange(error)) => error,
        other => panic!("not the error of a token request: {other:?}"),
    }
}

fn kind(error: &TokenError) -> ErrorKind {
    exchange_error(error).kind()
}

const LONG_PAUSES: RenewalPolicy = {
    let hour = Duration::from_secs(60 * 60);
    let policy = RenewalPolicy::builder()
        .transient_backoff(hour, hour)
        .skew_grace(Duration::from_millis(1));
    match policy.build() {
        Ok(policy) => policy,
        Err(_) => panic!("these numbers fit together"),
    }
};

const DEADLINE: Duration = Duration::from_millis(300);

/// For all token requests of a test together; each also has its own time limit.
const GUARD: Duration = Duration::from_secs(300);
