//! Running the list.

use std::any::Any;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::seen::Seen;
use super::{Driver, Finding, Item, Outcome, Report};

/// Runs every item over drivers of this kind, each on a site of its own and all at the same time.
///
/// It returns within a minute, whatever the driver does: what does not return is left behind in its
/// thread and found to hang. A driver that panics is found to.
///
/// # Panics
/// Where no thread can be started.
pub fn check<D: Driver>() -> Report {
    let started = Instant::now();
    let runs: Vec<_> = Item::ALL.iter().map(|item| Run::of::<D>(*item)).collect();
    let left = || GUARD.saturating_sub(started.elapsed());
    let findings = runs.into_iter().map(|run| run.finding(left()));
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

    fn finding(self, wait: Duration) -> Finding {
        let outcome = match self.stage {
            Stage::OutOfReach(reason) => Outcome::OutOfReach(reason),
            Stage::Running { seen, thread } => match seen.recv_timeout(wait) {
                Ok(Ok(())) => Outcome::Passed,
                Ok(Err(seen)) => Outcome::Failed(seen),
                Err(RecvTimeoutError::Timeout) => Outcome::Failed(hang()),
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

fn hang() -> String {
    format!("did not return within {} s", GUARD.as_secs())
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
