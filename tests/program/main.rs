//! A program that reads its configuration from the environment and gets a token over the driver that its
//! first argument names. It makes one call or, if `STORE` names a file, reads a list into it. The second
//! argument limits the wait for the token, in milliseconds; `exchange` instead makes it send one token request
//! alone, `without-descriptors` try a token request and a call over both drivers while the process can open
//! nothing, `without-threads` a call over both while it can start no thread, and `count-threads` four calls
//! over ureq.
#![allow(
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a program for tests, which read what it says"
)]

mod descriptors;
mod exchange;
mod store;
mod threads;

use std::env;
use std::error::Error as StdError;
use std::process::ExitCode;
use std::time::Duration;

use edx_auth_core::RenewalPolicy;
use edx_auth_tests::debug_output;
use http::StatusCode;
use store::Store;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    let url = env::var("EDX_API_URL").unwrap();
    match env::args().nth(2).as_deref() {
        Some("without-descriptors") => return descriptors::run(&url),
        Some("without-threads") => return threads::run(&url),
        Some("count-threads") => return threads::count(&url),
        Some("exchange") => return exchange::run(),
        _ => {}
    }
    if let Some(store) = env::var_os("STORE") {
        let store = Store::open(store.into());
        match env::args().nth(1).as_deref() {
            Some("ureq") => crawl_over_ureq(&url, store),
            _ => crawl_over_reqwest(&url, store),
        }
        return ExitCode::SUCCESS;
    }
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
    let in_one_attempt =
        || TokenSource::builder_from_env().map(|source| source.policy(no_second_attempt()));
    let call = || {
        let source = match token_timeout() {
            Some(timeout) => in_one_attempt()?.token_timeout(timeout).build()?,
            None => in_one_attempt()?.build()?,
        };
        let client = AuthorizedClient::new(source)?;
        let mut response = client.get(url).send()?;
        let body = response.body_mut().read_to_string();
        Ok((response.status(), body.map_err(|error| error.to_string())))
    };
    call().map_err(|error: Error| report(&error, error.advice()))
}

fn over_reqwest(url: &str) -> Result<Called, String> {
    use edx_auth_reqwest::{AuthorizedClient, Error, TokenSource};
    let in_one_attempt =
        || TokenSource::builder_from_env().map(|source| source.policy(no_second_attempt()));
    let call = async {
        let source = match token_timeout() {
            Some(timeout) => in_one_attempt()?.token_timeout(timeout).build()?,
            None => in_one_attempt()?.build()?,
        };
        let client = AuthorizedClient::new(source)?;
        let response = client.get(url).send().await?;
        let status = response.status();
        let body = response.text().await;
        Ok((status, body.map_err(|error| error.to_string())))
    };
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    let called = runtime.block_on(call);
    called.map_err(|error: Error| report(&error, error.advice()))
}

fn crawl_over_ureq(url: &str, mut store: Store) {
    let client = edx_auth_ureq::AuthorizedClient::from_env().unwrap();
    let mut pages = match store.position() {
        Some(position) => client.pages_from(&position),
        None => client.pages(url),
    };
    while let Some(id) = pages.next() {
        store.add(id.unwrap(), pages.position());
    }
}

fn crawl_over_reqwest(url: &str, mut store: Store) {
    let crawl = async {
        let client = edx_auth_reqwest::AuthorizedClient::from_env().unwrap();
        let mut pages = match store.position() {
            Some(position) => client.pages_from(&position),
            None => client.pages(url),
        };
        while let Some(id) = pages.next().await {
            store.add(id.unwrap(), pages.position());
        }
    };
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(crawl);
}

fn token_timeout() -> Option<Duration> {
    let millis = env::args().nth(2)?;
    Some(Duration::from_millis(millis.parse().unwrap()))
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
