//! Single turns of a life, at the very edge of each rule. What comes of many is in the laws.
#![expect(
    clippy::unchecked_time_subtraction,
    reason = "the moment just before a deadline, which is a constant"
)]

mod attempts;
mod credentials;
mod kept_elsewhere;
mod needs;
mod pauses;
mod refusals;
mod reports;

use core::time::Duration;

use super::{
    Attempt, Event, Moment, RenewalError, RenewalPolicy, RenewalReason, Step, TokenLifecycle,
};
use crate::jitter::Jitter;
use crate::token::{AccessToken, IssuedToken, TokenType};

const MILLI: Duration = Duration::from_millis(1);
const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);

/// So long after the lifecycle began, by both clocks.
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

/// A life that begins with a token of an hour.
fn holding() -> TokenLifecycle {
    let mut lifecycle = TokenLifecycle::new(RenewalPolicy::DEFAULT);
    let attempt = elected(lifecycle.step(after(Duration::ZERO)));
    let event = settle(&mut lifecycle, attempt, Duration::ZERO);
    assert!(matches!(event, Event::Renewed { .. }), "{event:?}");
    lifecycle
}

/// The attempt brings a token of an hour.
fn settle(lifecycle: &mut TokenLifecycle, attempt: Attempt, passed: Duration) -> Event {
    let result = Ok::<_, RenewalError>(issued("a.b.c"));
    lifecycle.settle(attempt, result, after(passed), Jitter::NONE)
}

fn elected(step: Step) -> Attempt {
    match step {
        Step::Renew(_, attempt) | Step::Fetch(attempt) => attempt,
        other => panic!("nobody is elected: {other:?}"),
    }
}

/// Why the next caller is elected, if it is.
fn reason(step: &Step) -> Option<RenewalReason> {
    match step {
        Step::Renew(_, attempt) | Step::Fetch(attempt) => Some(attempt.reason()),
        Step::Use(_) | Step::Join { .. } | Step::Pause { .. } => None,
    }
}
