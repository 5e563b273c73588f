//! The life of a token in virtual time: what fails, and how many token requests it costs.

mod clocks;
mod extremes;
mod fleet;
mod long_runs;
mod outages;
mod rejections;
mod round_trips;
