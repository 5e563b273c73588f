//! The subcommands.

mod keep;
mod mock;
mod proxy;
mod token;

use std::process::ExitCode;

use clap::Subcommand;

use crate::arguments::Options;
use crate::failure::Failure;

/// One subcommand with its options.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Token(token::Token),
    Mock(mock::Mock),
    Keep(keep::Keep),
    Proxy(proxy::Proxy),
}

impl Command {
    /// Runs the subcommand and returns its exit code.
    pub(crate) fn run(&self, options: &Options) -> Result<ExitCode, Failure> {
        match self {
            Self::Token(command) => command.run(options),
            Self::Mock(command) => command.run(),
            Self::Keep(command) => command.run(options),
            Self::Proxy(command) => command.run(options),
        }
    }
}
