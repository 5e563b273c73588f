//! Servers that mean harm, against a token source over every HTTP stack at once: one threat a file.
//! The table in `SECURITY.md` names them.

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
use edx_auth_tests::patience::{within, within_patience};

/// Plays this over every stack at the same time; where one of them fails, so does the test.
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

/// A source of the site's own client that asks once: its pauses outlast every test.
fn setup(edx: &MockEdx) -> Setup {
    Setup {
        policy: LONG_PAUSES,
        ..Setup::new(&edx.token_url(), edx.client_id(), edx.client_secret())
    }
}

/// The same with a deadline that a slow server meets soon.
fn hasty_setup(edx: &MockEdx) -> Setup {
    let setup = setup(edx);
    Setup {
        request: setup.request.deadline(DEADLINE),
        ..setup
    }
}

/// What comes of one token request of a new source, before the hang guard.
fn ask(stack: HttpStack, setup: Setup) -> Result<LiveToken, TokenError> {
    let asked = within_patience(move || (stack.new_source)(setup).token());
    if let Err(error) = &asked {
        let shown = debug_output::of_error(error).concat() + error.advice();
        assert!(!shown.contains("mock-edx-secret"), "{}", stack.name);
    }
    asked
}

/// How an exchange ended: an attempt that was given up, by a panic for one, is none.
fn exchange_error(error: &TokenError) -> &ExchangeError {
    match error.renewal_error() {
        Some(RenewalError::Exchange(error)) => error,
        other => panic!("no end of an exchange: {other:?}"),
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

/// For all the exchanges of a test together; each of them has the guard of its own.
const GUARD: Duration = Duration::from_secs(300);
