//! The async driver in every order that there is time for.

mod drops;
mod task;

use concurrent::TokenSource;
use scenarios::{Scenario, common, explore, facts};

fn main() {
    let mut scenarios = common::<TokenSource>();
    scenarios.extend(own());
    explore(scenarios);
}

/// What a blocking driver's callers cannot do.
fn own() -> Vec<Scenario> {
    facts![TokenSource:
        drops::callers_on_tasks_share_one_exchange,
        drops::a_caller_dropped_at_any_await_takes_nobody_along,
        drops::a_caller_dropped_in_a_pause_takes_nobody_along,
        drops::callers_that_are_all_dropped_leave_a_token_behind,
        drops::a_caller_dropped_in_a_renewal_takes_nobody_along,
        drops::a_caller_without_a_clock_takes_nobody_along,
    ]
}
