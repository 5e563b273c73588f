//! `edx-auth inspect`: what a token says about itself.

mod given;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Args;
use edx_auth_ureq::AccessToken;

use crate::arguments::Options;
use crate::failure::Failure;
use crate::{output, source};

use report::Report;

/// Show what a token says about itself: user, times, scopes, restrictions. Nothing is verified.
///
/// The token may stand alone, after its scheme, in a header, or in the output of edx-auth token.
#[derive(Args, Debug)]
pub(crate) struct Inspect {
    /// The file with the token, or - for standard input. Without a file, the token of the client
    /// credentials.
    file: Option<PathBuf>,
}

impl Inspect {
    pub(super) fn run(&self, options: &Options) -> Result<ExitCode, Failure> {
        let report = Report::of(&self.token(options)?);
        if options.json {
            output::write_json(&report.json())?;
        } else {
            output::write(report.text().as_bytes())?;
        }
        Ok(ExitCode::SUCCESS)
    }

    fn token(&self, options: &Options) -> Result<AccessToken, Failure> {
        match &self.file {
            Some(file) => given::read(file),
            None => Ok(source::open(options)?.token()?.token().clone()),
        }
    }
}
