//! The command line: the options of every command, and how their values are read.

use std::time::Duration;

use clap::{Args, Parser};
use jiff::SignedDuration;

use crate::commands::Command;
use crate::credentials::CredentialOptions;

/// Access tokens and API calls for edX and Open edX, in a terminal and in scripts.
///
/// The client credentials come from the EDX_* variables, from a file or from a profile. The token is kept
/// in a store of the user, so that one token serves all runs until it expires.
///
/// Exit codes: 0 success, 1 internal error, 2 usage, 3 credentials or token rejected, 4 throttled, 5 network,
/// 6 an unexpected response, 7 configuration or permissions.
#[derive(Debug, Parser)]
#[command(name = "edx-auth", version, max_term_width = 100)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) options: Options,

    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The options of every command.
#[derive(Args, Debug)]
pub(crate) struct Options {
    #[command(flatten)]
    pub(crate) credentials: CredentialOptions,

    /// Keep no token between runs, and use none of an earlier run.
    #[arg(long, global = true)]
    pub(crate) no_store: bool,

    /// How long to wait for a token, such as 5s or 1m.
    #[arg(long, global = true, value_name = "TIME", value_parser = duration)]
    pub(crate) timeout: Option<Duration>,

    /// Write reports and errors as JSON.
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// Reads a duration such as `90s`, `5m` or `1h 30m`. A number alone is in seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    if let Ok(seconds) = text.parse() {
        return Ok(Duration::from_secs(seconds));
    }
    let duration = text.parse::<SignedDuration>();
    let duration = duration.ok().and_then(|time| Duration::try_from(time).ok());
    duration.ok_or_else(|| "expected a duration such as 90s, 5m or 1h".to_owned())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may panic")]

    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_duration_has_a_unit_or_is_in_seconds() {
        let seconds = |text| duration(text).map(|time| time.as_secs());

        assert_eq!(seconds("90"), Ok(90));
        assert_eq!(seconds("90s"), Ok(90));
        assert_eq!(seconds("5m"), Ok(300));
        assert_eq!(seconds("1h 30m"), Ok(5400));
        assert!(seconds("-5s").is_err());
        assert!(seconds("soon").unwrap_err().contains("90s"));
    }
}
