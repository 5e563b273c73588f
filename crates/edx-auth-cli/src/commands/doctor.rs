//! `edx-auth doctor`: finds out why there is no token, or why an API rejects it.

mod api;
mod configuration;
mod exchange;
mod network;
mod report;

use std::process::ExitCode;

use clap::Args;
use edx_auth_ureq::TokenSource;

use crate::arguments::Options;
use crate::credentials::Variables;
use crate::failure::Failure;
use crate::{output, source};

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
        let variables = match source::variables(options) {
            Ok(variables) => variables,
            Err(failure) => return report.with("configuration", Finding::fault(&failure)),
        };
        let unread = configuration::unread(&variables);
        report.extend(unread.map(|finding| ("variables", finding)));
        match variables.token_file() {
            Ok(Some(_)) => self.examine_file(options, &variables, &mut report),
            Ok(None) => self.examine_credentials(&variables, &mut report),
            Err(error) => report.add("configuration", Finding::fault(&error.into())),
        }
        report
    }

    /// Examines a token that another process keeps fresh. The network is that process's concern.
    fn examine_file(&self, options: &Options, variables: &Variables, report: &mut Report) {
        let finding = "a token file, which another process keeps fresh";
        report.add("configuration", Finding::passed(finding));
        let source = source::open(options);
        match source.and_then(|source| Ok((source.token()?, source))) {
            Ok((token, source)) => {
                report.add("token", configuration::token(&token));
                self.call(source, variables, report);
            }
            Err(failure) => report.add("token", Finding::fault(&failure)),
        }
    }

    /// Makes the token request and the API call, unless the network is in the way.
    fn examine_credentials(&self, variables: &Variables, report: &mut Report) {
        let config = match variables.config() {
            Ok(config) => config,
            Err(error) => return report.add("configuration", Finding::fault(&error.into())),
        };
        report.add("configuration", configuration::describe(&config));
        report.add("token store", configuration::store(&config));
        let way = network::way(&config);
        let is_blocked = way.iter().any(|(_, finding)| finding.is_fault());
        report.extend(way);
        if is_blocked {
            return;
        }
        let exchange = Exchange::of(&config);
        report.extend(exchange.findings());
        if let Some(issued) = exchange.token() {
            let source = TokenSource::fixed(issued.token().clone(), config.origins().clone());
            self.call(source, variables, report);
        }
    }

    fn call(&self, source: TokenSource, variables: &Variables, report: &mut Report) {
        report.add(
            "API call",
            api::call(source, variables, self.url.as_deref()),
        );
    }
}
