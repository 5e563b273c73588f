//! `edx-auth doctor`: finds out why there is no token, or why an API rejects it.

mod api;
mod configuration;
mod exchange;
mod network;
mod report;

use std::process::ExitCode;

use clap::Args;
use edx_auth_ureq::EnvConfig;

use crate::arguments::Options;
use crate::failure::Failure;
use crate::output;

use exchange::Exchange;
use report::{Finding, Report};

/// Find out what keeps this machine from calling the site, step by step.
///
/// Makes one token request and one API call, and stores nothing. The report contains no secret and no
/// token: it can be sent to the site's operator.
#[derive(Args, Debug)]
pub(crate) struct Doctor {
    /// The API call to make, instead of one that every site has.
    #[arg(long, value_name = "URL|PATH")]
    url: Option<String>,
}

impl Doctor {
    pub(super) fn run(&self, options: &Options) -> Result<ExitCode, Failure> {
        let report = self.examine(options);
        if options.json {
            output::write_json(&report.json())?;
        } else {
            output::write(report.text().as_bytes())?;
        }
        Ok(report.exit_code())
    }

    fn examine(&self, options: &Options) -> Report {
        let mut report = Report::default();
        let config = match configuration::read(options) {
            Ok(config) => config,
            Err(failure) => {
                report.add("configuration", Finding::fault(&failure));
                return report;
            }
        };
        report.add("configuration", configuration::describe(&config));
        report.add("token store", configuration::store(&config, options));
        self.call(&config, &mut report);
        report
    }

    /// Makes the token request and the API call, unless the network is in the way.
    fn call(&self, config: &EnvConfig, report: &mut Report) {
        report.add("proxy", network::proxy(config));
        report.add("host name", network::host_name(config));
        if report.has_fault() {
            return;
        }
        let exchange = Exchange::of(config);
        for (step, finding) in exchange.findings() {
            report.add(step, finding);
        }
        if let Some(token) = exchange.token() {
            report.add("API call", api::call(config, token, self.url.as_deref()));
        }
    }
}
