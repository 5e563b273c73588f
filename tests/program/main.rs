//! A program that reads its configuration from the environment, gets a token over the driver that its
//! argument names, and makes one call.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program for tests, which read what it says"
)]

use std::env;
use std::error::Error as StdError;
use std::process::ExitCode;
use std::time::Duration;

use edx_auth_core::RenewalPolicy;
use edx_auth_tests::debug_output;
use http::StatusCode;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    let url = env::var("EDX_API_URL").unwrap();
    let called = match env::args().nth(1).as_deref() {
        Some("ureq") => over_ureq(&url),
        _ => over_reqwest(&url),
    };
    match called {
        Ok((status, Ok(body))) => {
            println!("{status}\n{body}");
            ExitCode::SUCCESS
        }
        Ok((status, Err(broken))) => {
            println!("{status}\nbroken: {broken}");
            ExitCode::FAILURE
        }
        Err(trouble) => {
            println!("{trouble}");
            ExitCode::FAILURE
        }
    }
}

/// A status, and the body or why it is not whole.
type Called = (StatusCode, Result<String, String>);

fn over_ureq(url: &str) -> Result<Called, String> {
    use edx_auth_ureq::{AuthorizedClient, Error, TokenSource};
    let call = || {
        let source = TokenSource::builder_from_env()?.policy(no_second_attempt());
        let client = AuthorizedClient::new(source.build()?)?;
        let mut response = client.get(url).send()?;
        let body = response.body_mut().read_to_string();
        Ok((response.status(), body.map_err(|error| error.to_string())))
    };
    call().map_err(|error: Error| report(&error, error.advice()))
}

fn over_reqwest(url: &str) -> Result<Called, String> {
    use edx_auth_reqwest::{AuthorizedClient, Error, TokenSource};
    let call = async {
        let source = TokenSource::builder_from_env()?.policy(no_second_attempt());
        let client = AuthorizedClient::new(source.build()?)?;
        let response = client.get(url).send().await?;
        let status = response.status();
        let body = response.text().await;
        Ok((status, body.map_err(|error| error.to_string())))
    };
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let called = runtime.block_on(call);
    called.map_err(|error: Error| report(&error, error.advice()))
}

fn report(error: &(dyn StdError + 'static), advice: &str) -> String {
    format!("{}\n{advice}", debug_output::of_error(error).join("\n"))
}

/// Returns a policy with a backoff longer than any token timeout.
fn no_second_attempt() -> RenewalPolicy {
    let hour = Duration::from_secs(60 * 60);
    let policy = RenewalPolicy::builder().transient_backoff(hour, hour);
    policy.build().unwrap()
}
