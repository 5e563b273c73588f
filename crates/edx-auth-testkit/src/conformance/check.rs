//! Runs all items.

use std::any::Any;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::result::ItemResult;
use super::{Driver, Finding, Item, Outcome, Report};

/// Runs all items at the same time, each with its own driver and its own site.
///
/// Returns within a minute. An item that hangs fails, and its thread keeps running. A driver that
/// panics fails the item.
///
/// # Panics
/// Panics if no thread can be started.
pub fn check<D: Driver>() -> Report {
    check_within::<D>(GUARD)
}

fn check_within<D: Driver>(guard: Duration) -> Report {
    let runs: Vec<_> = Item::ALL.iter().map(|item| Run::of::<D>(*item)).collect();
    let started = Instant::now();
    let findings = runs.into_iter().map(|run| run.finding(started, guard));
    Report::of(findings.collect())
}

/// One running item.
struct Run {
    item: Item,
    state: RunState,
}

enum RunState {
    NotApplicable(&'static str),
    Running {
        result: Receiver<ItemResult>,
        thread: JoinHandle<()>,
    },
}

impl Run {
    fn of<D: Driver>(item: Item) -> Self {
        let excused = D::not_applicable().iter().find(|(other, _)| *other == item);
        let state = match excused {
            Some((_, reason)) => RunState::NotApplicable(reason),
            None => begin::<D>(item),
        };
        Self { item, state }
    }

    fn finding(self, started: Instant, guard: Duration) -> Finding {
        let wait = guard.saturating_sub(started.elapsed());
        let outcome = match self.state {
            RunState::NotApplicable(reason) => Outcome::NotApplicable(reason),
            RunState::Running { result, thread } => match result.recv_timeout(wait) {
                Ok(Ok(())) => Outcome::Passed,
                Ok(Err(reason)) => Outcome::Failed(reason),
                Err(RecvTimeoutError::Timeout) => Outcome::Failed(hung(guard)),
                Err(RecvTimeoutError::Disconnected) => Outcome::Failed(panicked(thread)),
            },
        };
        Finding {
            item: self.item,
            outcome,
        }
    }
}

#[expect(
    clippy::expect_used,
    reason = "without a thread nothing can be checked"
)]
fn begin<D: Driver>(item: Item) -> RunState {
    let (sender, result) = mpsc::channel();
    let thread = thread::Builder::new()
        .name(format!("conformance-{item}"))
        // The receiver is gone if the item took too long.
        .spawn(move || drop(sender.send(item.run::<D>())))
        .expect("a thread can be started");
    RunState::Running { result, thread }
}

fn hung(guard: Duration) -> String {
    format!("did not return within {guard:?}")
}

fn panicked(thread: JoinHandle<()>) -> String {
    match thread.join() {
        Ok(()) => "ended without a result".to_owned(),
        Err(payload) => format!("panicked: {}", message_of(&*payload)),
    }
}

fn message_of(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}

/// Far above the time of the slowest item on a busy machine.
const GUARD: Duration = Duration::from_secs(45);

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "a driver that panics")]

    use edx_auth_core::{LiveToken, TokenError};
    use http::{Request, Response};

    use super::super::Setup;
    use super::super::result::CallResult;
    use super::*;

    /// A driver that hangs or panics.
    struct Nothing<const HOW: char>;

    const HANGS: char = 'h';
    const PANICS: char = 'p';

    impl<const HOW: char> Driver for Nothing<HOW> {
        fn start(_: Setup) -> Self {
            Self
        }

        fn token(&self, _: Duration) -> Result<LiveToken, TokenError> {
            match HOW {
                HANGS => loop {
                    thread::park();
                },
                _ => panic!("there is no token"),
            }
        }

        fn call(&self, _: Request<Vec<u8>>) -> CallResult {
            Ok(Response::new(Vec::new()))
        }

        fn not_applicable() -> &'static [(Item, &'static str)] {
            &[(Item::Stall, "nothing is as slow as this")]
        }
    }

    fn outcome_of<D: Driver>(item: Item) -> Outcome {
        let report = check_within::<D>(Duration::from_secs(2));
        assert!(!report.is_conforming());
        let finding = report
            .findings()
            .iter()
            .find(|finding| finding.item == item);
        finding.map_or(Outcome::Passed, |finding| finding.outcome.clone())
    }

    #[test]
    fn a_driver_that_hangs_is_a_finding() {
        let seen = outcome_of::<Nothing<HANGS>>(Item::ErrorBodies);

        assert_eq!(seen, Outcome::Failed("did not return within 2s".to_owned()));
    }

    #[test]
    fn a_driver_that_panics_is_a_finding() {
        let seen = outcome_of::<Nothing<PANICS>>(Item::ErrorBodies);

        assert_eq!(
            seen,
            Outcome::Failed("panicked: there is no token".to_owned())
        );
    }

    #[test]
    fn an_item_that_does_not_apply_is_not_run() {
        let seen = outcome_of::<Nothing<PANICS>>(Item::Stall);

        assert_eq!(seen, Outcome::NotApplicable("nothing is as slow as this"));
    }
}
