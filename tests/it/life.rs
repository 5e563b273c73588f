//! Lives of a token in virtual time: what goes wrong, and how many token requests it costs.

mod clocks;
mod extremes;
mod fleet;
mod long_runs;
mod outages;
mod refusals;
mod round_trips;
