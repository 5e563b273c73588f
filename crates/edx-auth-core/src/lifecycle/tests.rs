//! Tests of the lifecycle: each rule at its limits.
#![expect(
    clippy::unchecked_time_subtraction,
    reason = "the moment just before a deadline, which is a constant"
)]

mod attempts;
mod backoff;
mod credentials;
mod needs;
mod rejections;
mod reports;
mod stored;

use core::time::Duration;

use super::{
    Attempt, Event, Generation, Need, RenewalError, RenewalPolicy, RenewalReason, RunningAttempt,
    Step, TokenLifecycle,
};
use crate::jitter::Jitter;
use crate::time::Moment;
use crate::token::{AccessToken, IssuedToken, TokenType};

const MILLI: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

const ANY: Need = Need::any();

/// Returns the moment this long after the beginning, by both clocks.
fn after(passed: Duration) -> Moment {
    Moment {
        monotonic: passed,
        wall: 1000 * HOUR + passed,
    }
}

fn token(text: &str) -> AccessToken {
    AccessToken::new(TokenType::Jwt, text).unwrap()
}

fn issued(text: &str) -> IssuedToken {
    IssuedToken::new(token(text), HOUR, None)
}

fn empty() -> TokenLifecycle {
    TokenLifecycle::new(RenewalPolicy::DEFAULT)
}

/// Returns a lifecycle with a token of one hour that was issued at the beginning.
fn holding() -> TokenLifecycle {
    let mut lifecycle = empty();
    let attempt = elected(lifecycle.step(ANY, after(Duration::ZERO)));
    let event = renew(&mut lifecycle, attempt, Duration::ZERO);
    assert!(matches!(event, Event::Renewed { .. }), "{event:?}");
    lifecycle
}

fn generation(lifecycle: &TokenLifecycle) -> Generation {
    lifecycle.generation().unwrap()
}

fn begin(lifecycle: &mut TokenLifecycle, attempt: Attempt, passed: Duration) -> RunningAttempt {
    lifecycle.begin(attempt, after(passed)).unwrap()
}

/// Ends an attempt with a token of one hour.
fn succeed(lifecycle: &mut TokenLifecycle, running: RunningAttempt, passed: Duration) -> Event {
    lifecycle.issued(running, issued("a.b.c"), after(passed), Jitter::NONE)
}

/// Begins an attempt and ends it at the same moment with a token of one hour.
fn renew(lifecycle: &mut TokenLifecycle, attempt: Attempt, passed: Duration) -> Event {
    let running = begin(lifecycle, attempt, passed);
    succeed(lifecycle, running, passed)
}

/// Ends an attempt before its token request is sent.
fn abandon(lifecycle: &mut TokenLifecycle, attempt: Attempt, passed: Duration) -> Event {
    lifecycle.fail(
        attempt,
        RenewalError::Abandoned,
        after(passed),
        Jitter::NONE,
    )
}

fn elected(step: Step) -> Attempt {
    match step {
        Step::Renew(_, attempt) | Step::Fetch(attempt) => attempt,
        other => panic!("the caller is not elected: {other:?}"),
    }
}

/// Returns why the caller is elected, if it is.
fn reason(step: &Step) -> Option<RenewalReason> {
    match step {
        Step::Renew(_, attempt) | Step::Fetch(attempt) => Some(attempt.reason()),
        Step::Use(_) | Step::Join { .. } | Step::BackOff { .. } => None,
    }
}
