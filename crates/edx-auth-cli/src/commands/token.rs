//! `edx-auth token`: prints an access token.

mod format;

use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use edx_auth_ureq::{LiveToken, TokenSource};

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
        let token = self.token(&source)?;
        let printed = Printed::new(&token, &source);
        output::write(printed.text(self.format).as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }

    /// Returns the cached token if it will do, and a new one otherwise. The first token that a source returns
    /// may be one of an earlier run.
    fn token(&self, source: &TokenSource) -> Result<LiveToken, Failure> {
        let token = source.token()?;
        let is_new = source.health().issued > 0;
        let lasts = token.usable_for() >= self.min_validity;
        if is_new || (lasts && !self.fresh) {
            return Ok(token);
        }
        Ok(source.renew_now()?)
    }
}
