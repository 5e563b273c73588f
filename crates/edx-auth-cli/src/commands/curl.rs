//! `edx-auth curl`: runs curl with the token.

mod handover;
mod options;
mod urls;

use std::ffi::OsString;
use std::process::{Command, ExitCode};
use std::time::Duration;

use clap::Args;

use crate::arguments::Options;
use crate::failure::Failure;
use crate::{private_variables, source};

pub(crate) use options::CurlOptionError;

/// Run curl with the token: edx-auth curl -- -s https://...
///
/// The token reaches curl through a pipe, and no argument or variable contains it. It is for the first
/// request of a command line with --next. A URL at another origin is rejected, and so is one without https://
/// or http://, and every option that could undo this or print the token: --location-trusted, --config, --proto,
/// --insecure, --resolve, --connect-to, --unix-socket, --trace, --verbose, --libcurl, --url, --expand-url and
/// their like. curl itself keeps the token from other origins when it follows redirects. ~/.curlrc is not read. A
/// proxy is in HTTPS_PROXY, or in one word: -xhttp://proxy:3128.
#[derive(Args, Debug)]
pub(crate) struct Curl {
    /// The arguments of curl.
    #[arg(last = true, required = true)]
    arguments: Vec<OsString>,
}

impl Curl {
    pub(super) fn run(&self, options: &Options) -> Result<ExitCode, Failure> {
        let variables = source::variables(options)?;
        let source = source::of(&variables, options)?;
        options::check(&self.arguments)?;
        urls::check(&self.arguments, source.origins())?;
        let token = source::token(&source, &variables, MIN_VALIDITY, false)?;
        let mut curl = Command::new("curl");
        private_variables::remove_from(&mut curl);
        handover::run(curl, &self.arguments, token.authorization()).map_err(Failure::Curl)
    }
}

/// Long enough for curl to start, and for most transfers to begin.
const MIN_VALIDITY: Duration = Duration::from_secs(60);
