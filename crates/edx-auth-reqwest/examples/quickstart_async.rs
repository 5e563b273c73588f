//! The async quickstart: takes a token from a source a thousand times, as before a thousand calls, and
//! makes one of those calls.
//!
//! ```text
//! cargo run --example quickstart_async
//! ```
//!
//! It reads the same variables and prints the same output as the blocking quickstart of `edx-auth-ureq`.

#![allow(clippy::print_stdout, reason = "a program for a person at a terminal")]

#[path = "../../edx-auth-ureq/examples/quickstart/report.rs"]
mod report;

use std::process::ExitCode;

use edx_auth_reqwest::{AuthorizedClient, EnvConfig, Error, TokenSource};
use edx_auth_testkit::MockEdx;
use report::Trouble;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    report::end(quickstart().await)
}

async fn quickstart() -> Result<(), Trouble> {
    if report::is_configured() {
        let environment = edx_auth_reqwest::from_env().map_err(Error::from)?;
        return ask(&environment, &report::api_url()).await;
    }
    report::say_mock();
    let edx = MockEdx::start()?;
    ask(&report::config_of(&edx)?, &edx.catalogs_url()).await
}

async fn ask(environment: &EnvConfig, api_url: &str) -> Result<(), Trouble> {
    report::say_endpoint(environment);
    let source = TokenSource::builder(environment.token_request().clone())
        .origins(environment.origins().clone())
        .policy(report::AT_A_TERMINAL)
        .build()?;
    let mut token = source.token().await?;
    for _ in 1..report::CALLS {
        token = source.token().await?;
    }
    report::say_token(&token);
    report::say_cost(&source.health());
    if report::is_wanted(api_url) {
        call(&AuthorizedClient::new(source)?, api_url).await?;
    }
    Ok(())
}

async fn call(edx: &AuthorizedClient, url: &str) -> Result<(), Trouble> {
    let response = edx.get(url).send().await?;
    let status = response.status();
    report::check(url, status, response.extensions())?;
    let body = response.bytes().await;
    let body = body.map_err(|error| Trouble::broken_off(url, &error.without_url()))?;
    report::say_response(status, &body);
    Ok(())
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::of(error.report())
    }
}
