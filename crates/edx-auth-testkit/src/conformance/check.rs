//! Running the list.

use std::any::Any;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::seen::Seen;
use super::{Driver, Finding, Item, Outcome, Report};

/// Runs every item over drivers of this kind, each on a site of its own and all at the same time.
///
/// It returns within a minute, whatever the driver does: what does not return by then is left behind
/// in its thread and found to hang. A driver that panics is found to.
///
/// # Panics
/// Where no thread can be started.
pub fn check<D: Driver>() -> Report {
    check_within::<D>(GUARD)
}

fn check_within<D: Driver>(guard: Duration) -> Report {
    let runs: Vec<_> = Item::ALL.iter().map(|item| Run::of::<D>(*item)).collect();
    let started = Instant::now();
    let findings = runs.into_iter().map(|run| run.finding(started, guard));
    Report::of(findings.collect())
}

/// One item on its way.
struct Run {
    item: Item,
    stage: Stage,
}

enum Stage {
    OutOfReach(&'static str),
    Running {
        seen: Receiver<Seen>,
        thread: JoinHandle<()>,
    },
}

impl Run {
    fn of<D: Driver>(item: Item) -> Self {
        let excused = D::out_of_reach().iter().find(|(other, _)| *other == item);
        let stage = match excused {
            Some((_, reason)) => Stage::OutOfReach(reason),
            None => begin::<D>(item),
        };
        Self { item, stage }
    }

    fn finding(self, started: Instant, guard: Duration) -> Finding {
        let wait = guard.saturating_sub(started.elapsed());
        let outcome = match self.stage {
            Stage::OutOfReach(reason) => Outcome::OutOfReach(reason),
            Stage::Running { seen, thread } => match seen.recv_timeout(wait) {
                Ok(Ok(())) => Outcome::Passed,
                Ok(Err(seen)) => Outcome::Failed(seen),
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
    reason = "a machine without threads checks nothing"
)]
fn begin<D: Driver>(item: Item) -> Stage {
    let (tell, seen) = mpsc::channel();
    let thread = thread::Builder::new()
        .name(format!("conformance-{item}"))
        // Where nobody waits for it any longer, it hung.
        .spawn(move || drop(tell.send(item.run::<D>())))
        .expect("a thread can be started");
    Stage::Running { seen, thread }
}

fn hung(guard: Duration) -> String {
    format!("did not return within {guard:?}")
}

fn panicked(thread: JoinHandle<()>) -> String {
    match thread.join() {
        Ok(()) => "ended without a word".to_owned(),
        Err(payload) => format!("panicked: {}", words(&*payload)),
    }
}

fn words(payload: &(dyn Any + Send)) -> &str {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no words")
}

/// Far above what the slowest item takes on a busy machine.
const GUARD: Duration = Duration::from_secs(45);

#[cfg(test)]
mod tests {
    #![allow(clippy::panic, reason = "drivers that do")]

    use edx_auth_core::{LiveToken, TokenError};
    use http::{Request, Response};

    use super::super::Setup;
    use super::super::seen::Called;
    use super::*;

    /// A driver with nothing behind it.
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

        fn call(&self, _: Request<Vec<u8>>) -> Called {
            Ok(Response::new(Vec::new()))
        }

        fn out_of_reach() -> &'static [(Item, &'static str)] {
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
    fn what_is_out_of_reach_is_not_run() {
        let seen = outcome_of::<Nothing<PANICS>>(Item::Stall);

        assert_eq!(seen, Outcome::OutOfReach("nothing is as slow as this"));
    }
}
