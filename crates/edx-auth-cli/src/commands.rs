//! The subcommands.

mod completions;
mod curl;
mod doctor;
mod get;
mod inspect;
mod keep;
mod man;
mod mock;
mod proxy;
mod store;
mod token;

use std::process::ExitCode;

use clap::Subcommand;

use crate::arguments::Options;
use crate::failure::Failure;

pub(crate) use curl::CurlOptionError;

/// One subcommand with its options.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Token(token::Token),
    Get(get::Get),
    Curl(curl::Curl),
    Inspect(inspect::Inspect),
    Doctor(doctor::Doctor),
    Store(store::Store),
    Keep(keep::Keep),
    Proxy(proxy::Proxy),
    Mock(mock::Mock),
    Completions(completions::Completions),
    Man(man::Man),
}

impl Command {
    /// Runs the subcommand and returns its exit code.
    pub(crate) fn run(&self, options: &Options) -> Result<ExitCode, Failure> {
        match self {
            Self::Token(command) => command.run(options),
            Self::Get(command) => command.run(options),
            Self::Curl(command) => command.run(options),
            Self::Inspect(command) => command.run(options),
            Self::Doctor(command) => command.run(options),
            Self::Store(command) => command.run(options),
            Self::Keep(command) => command.run(options),
            Self::Proxy(command) => command.run(options),
            Self::Mock(command) => command.run(),
            Self::Completions(command) => command.run(),
            Self::Man(command) => command.run(),
        }
    }
}
