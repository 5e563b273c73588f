//! Runs every scenario under many schedules. A schedule is one order in which the threads take their steps.

use std::env;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use shuttle::rand::Rng;
use shuttle::scheduler::{PctScheduler, RandomScheduler, ReplayScheduler, Scheduler};
use shuttle::{Config, MaxSteps, Runner};

/// A fact that must hold under every schedule.
#[derive(Clone, Copy, Debug)]
pub struct Scenario {
    pub fact: &'static str,
    /// Divides the number of schedules, for slow scenarios: 20 means a twentieth.
    pub share: usize,
    pub run: fn(),
}

/// Runs the scenarios that the command line names, or all of them.
///
/// `EDX_AUTH_SCHEDULES` is the number of schedules of each kind; `EDX_AUTH_REPLAY` names a file with
/// the one schedule to run instead, as a failure has printed it.
///
/// # Panics
/// Panics if a scenario fails.
pub fn explore(scenarios: &[Scenario]) {
    let named: Vec<String> = env::args().skip(1).collect();
    let is_chosen =
        |fact: &str| named.is_empty() || named.iter().any(|name| fact.contains(name.as_str()));
    let chosen = || scenarios.iter().filter(|scenario| is_chosen(scenario.fact));
    for scenario in chosen() {
        scenario.explore();
    }
    println!("{} scenarios", chosen().count());
}

impl Scenario {
    fn explore(self) {
        if let Ok(schedule) = env::var("EDX_AUTH_REPLAY") {
            let schedule = std::fs::read_to_string(schedule).unwrap();
            return self.run_by(ReplayScheduler::new_from_encoded(schedule.trim()));
        }
        let schedules = schedules().div_ceil(self.share);
        let started = Instant::now();
        self.run_by(RandomScheduler::new(schedules));
        self.run_by(PctScheduler::new(DEPTH, schedules));
        let seconds = started.elapsed().as_secs_f64();
        println!("{seconds:7.1} s  2 x {schedules:6}  {}", self.fact);
    }

    fn run_by(self, scheduler: impl Scheduler + 'static) {
        let tried = Arc::new(AtomicUsize::new(0));
        let tries = Arc::clone(&tried);
        let scenario = move || {
            tries.fetch_add(1, Ordering::Relaxed);
            reset();
            (self.run)();
        };
        let runner = Runner::new(scheduler, config());
        let outcome = panic::catch_unwind(AssertUnwindSafe(|| runner.run(scenario)));
        if let Err(failure) = outcome {
            let tried = tried.load(Ordering::Relaxed);
            eprintln!("failed under schedule {tried}: {}", self.fact);
            panic::resume_unwind(failure);
        }
    }
}

/// Resets everything for the next schedule, including random numbers.
fn reset() {
    crate::time::reset();
    crate::fail_timers(0);
    crate::thread::reset();
    fastrand::seed(shuttle::rand::thread_rng().r#gen());
}

fn config() -> Config {
    let mut config = Config::new();
    config.stack_size = STACK;
    config.max_steps = MaxSteps::FailAfter(STEPS);
    config.silence_warnings = true;
    config
}

fn schedules() -> usize {
    let schedules = env::var("EDX_AUTH_SCHEDULES").ok();
    schedules.map_or(1_000, |number| number.parse().unwrap())
}

/// The number of points in a schedule at which the second scheduler changes which thread has priority. It
/// finds the faults that need no more of them.
const DEPTH: usize = 3;

const STACK: usize = 256 * 1024;

/// More steps than any scenario needs: a thread that takes more spins.
const STEPS: usize = 100_000;
