//! Lives of a token in virtual time: what goes wrong, and how many token requests it costs.

mod clocks;
mod long_runs;
mod outages;
mod refusals;
