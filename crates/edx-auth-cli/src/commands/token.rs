//! `edx-auth token`: prints an access token.

mod format;

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;

use crate::arguments::{Options, duration};
use crate::failure::Failure;
use crate::{output, source};

use format::{Format, Printed};

/// Print an access token.
///
/// Uses the token of an earlier run if it is valid for long enough, and requests one otherwise. Anyone who
/// has the token can act as the client until it expires.
#[derive(Args, Debug)]
pub(crate) struct Token {
    /// How the token is written.
    #[arg(long, value_enum, default_value_t)]
    format: Format,

    /// How long the token must be valid at least. A site whose tokens last shorter returns a new one.
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = duration)]
    min_validity: Duration,

    /// Request a new token, even if there is a valid one.
    #[arg(long)]
    fresh: bool,
}

impl Token {
    pub(super) fn run(&self, options: &Options) -> Result<ExitCode, Failure> {
        let source = source::open(options)?;
        let token = source::token(&source, self.min_validity, self.fresh)?;
        let printed = Printed::new(&token, &source);
        output::write(printed.text(self.format).as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}
