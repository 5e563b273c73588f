//! The quickstart: takes a token from a source a thousand times, as before a thousand calls, and makes
//! one of those calls.
//!
//! ```text
//! cargo run --example quickstart
//! ```
//!
//! | variable | meaning |
//! |---|---|
//! | `EDX_CLIENT_ID`, `EDX_CLIENT_SECRET` | your credentials; or with `_FILE` appended to the names, the files that hold them |
//! | `EDX_TOKEN_URL` | the LMS of a site other than edX |
//! | `EDX_API_URL` | one URL to GET |
//!
//! Without any `EDX_*` variable it calls a mock of edX inside this program.

#![allow(clippy::print_stdout, reason = "a program for a person at a terminal")]

mod report;

use std::process::ExitCode;

use edx_auth_testkit::MockEdx;
use edx_auth_ureq::{AuthorizedClient, EnvConfig, Error, TokenSource};
use report::Trouble;

fn main() -> ExitCode {
    report::end(quickstart())
}

fn quickstart() -> Result<(), Trouble> {
    if report::is_configured() {
        let environment = edx_auth_ureq::from_env().map_err(Error::from)?;
        return ask(&environment, &report::api_url());
    }
    report::say_mock();
    let edx = MockEdx::start()?;
    ask(&report::config_of(&edx)?, &edx.catalogs_url())
}

fn ask(environment: &EnvConfig, api_url: &str) -> Result<(), Trouble> {
    report::say_endpoint(environment);
    let source = TokenSource::builder(environment.token_request().clone())
        .origins(environment.origins().clone())
        .policy(report::AT_A_TERMINAL)
        .build()?;
    let mut token = source.token()?;
    for _ in 1..report::CALLS {
        token = source.token()?;
    }
    report::say_token(&token);
    report::say_cost(&source.health());
    if report::is_wanted(api_url) {
        call(&AuthorizedClient::new(source)?, api_url)?;
    }
    Ok(())
}

fn call(edx: &AuthorizedClient, url: &str) -> Result<(), Trouble> {
    let mut response = edx.get(url).send()?;
    report::check(url, response.status(), response.extensions())?;
    let body = response.body_mut().read_to_vec();
    let body = body.map_err(|error| Trouble::broken_off(url, &error))?;
    report::say_response(response.status(), &body);
    Ok(())
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self::of(error.report())
    }
}
