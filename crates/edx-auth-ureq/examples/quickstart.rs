//! Asks for a token, and with it for one page of an API.
//!
//! ```text
//! cargo run --example quickstart
//! ```
//!
//! | variable | meaning |
//! |---|---|
//! | `EDX_CLIENT_ID`, `EDX_CLIENT_SECRET` | your credentials, or with `_FILE` the files that hold them |
//! | `EDX_TOKEN_URL` | the LMS of a site other than edX |
//! | `EDX_API_URL` | one URL to GET |
//!
//! Without any `EDX_*` variable it asks a stand-in that it starts inside itself.

#![allow(clippy::print_stdout, reason = "a program for a person at a terminal")]

use std::io;
use std::process::ExitCode;
use std::time::Duration;

use edx_auth_testkit::MockEdx;
use edx_auth_ureq::{ApiUrl, Environment, Error, IssuedToken, UnverifiedClaims};
use serde_json::Value;

fn main() -> ExitCode {
    match quickstart() {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("{}\n{}", trouble.what, trouble.to_do);
            ExitCode::FAILURE
        }
    }
}

fn quickstart() -> Result<(), Trouble> {
    if is_configured() {
        let environment = edx_auth_ureq::from_env().map_err(Error::from)?;
        let api_url = std::env::var_os("EDX_API_URL").unwrap_or_default();
        return ask(&environment, &api_url.to_string_lossy());
    }
    println!("No EDX_* variable is set: asking a stand-in for edX inside this program.\n");
    let edx = MockEdx::start()?;
    ask(&stand_in(&edx)?, &edx.catalogs_url())
}

fn ask(environment: &Environment, api_url: &str) -> Result<(), Trouble> {
    let request = environment.token_request();
    println!("Asked    {}", request.endpoint());
    let issued = edx_auth_ureq::exchange(request).map_err(Error::from)?;
    show_token(&issued);
    if api_url.is_empty() {
        println!("\nNo API was called: set EDX_API_URL to a URL to GET.");
        return Ok(());
    }
    let url = ApiUrl::new(api_url, environment.plaintext_hosts()).map_err(|error| Trouble {
        what: format!("EDX_API_URL: {error}"),
        to_do: error.advice().into(),
    })?;
    println!("\nGET      {url}");
    call(&url, &issued)
}

fn show_token(issued: &IssuedToken) {
    let token = issued.token();
    println!(
        "Token    {}, good for {}",
        token.token_type(),
        spoken(issued.lifetime())
    );
    match token.claims() {
        Ok(claims) => show_claims(&claims),
        Err(_) => println!("Claims   none to read: the token is opaque"),
    }
}

fn show_claims(claims: &UnverifiedClaims) {
    let username = claims.username().unwrap_or("(none)");
    println!("User     {}", username.escape_debug());
    println!("Scopes   {}", claims.scopes().join(" ").escape_debug());
}

fn call(url: &ApiUrl, issued: &IssuedToken) -> Result<(), Trouble> {
    let mut reply = edx_auth_ureq::get(url, issued.token())?;
    let status = reply.status();
    if !status.is_success() {
        // What a gateway says of a refused request may quote its whole Authorization.
        return Err(Trouble {
            what: format!("{url} answered {status}"),
            to_do: advice_on(status.as_u16()).into(),
        });
    }
    let body = reply.body_mut().read_to_vec().map_err(|error| Trouble {
        what: format!("the reply of {url} broke off: {error}"),
        to_do: "Try again.".into(),
    })?;
    println!(
        "Reply    {status}, {} bytes: {}",
        body.len(),
        summary(&body)
    );
    Ok(())
}

/// What a person wants to know of a page: how much is on it, and of how much.
fn summary(body: &[u8]) -> String {
    match serde_json::from_slice(body) {
        Ok(Value::Array(items)) => format!("{} items", items.len()),
        Ok(Value::Object(fields)) => match (fields.get("results"), fields.get("count")) {
            (Some(Value::Array(page)), Some(count)) => format!("{} of {count} items", page.len()),
            _ => format!("one object of {} fields", fields.len()),
        },
        Ok(_) => "JSON, but neither a list nor an object".into(),
        Err(_) => "not JSON".into(),
    }
}

fn advice_on(status: u16) -> &'static str {
    match status {
        300..=399 => "Give the URL that answers by itself: check its scheme and its last slash.",
        401 => "Check that this API belongs to the site that issued the token.",
        403 => "Ask the site to let the application's user see this API: often it must be staff.",
        404 => "Check the URL; most of edX's end in a slash.",
        429 => "Wait a minute before the next call.",
        _ => "Try again in a minute; if it stays so, ask whoever runs the API.",
    }
}

fn spoken(life: Duration) -> String {
    match life.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds @ 60..3600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}

fn is_configured() -> bool {
    std::env::vars_os().any(|(name, _)| name.as_encoded_bytes().starts_with(b"EDX_"))
}

/// The variables that lead to the stand-in.
fn stand_in(edx: &MockEdx) -> Result<Environment, Error> {
    let variable = |name: &str| match name {
        "EDX_CLIENT_ID" => Some(edx.client_id().into()),
        "EDX_CLIENT_SECRET" => Some(edx.client_secret().into()),
        "EDX_TOKEN_URL" => Some(edx.token_url().into()),
        _ => None,
    };
    Ok(Environment::read(variable, |path| std::fs::read(path))?)
}

/// What is wrong, and what to do about it: a line each.
struct Trouble {
    what: String,
    to_do: String,
}

impl From<Error> for Trouble {
    fn from(error: Error) -> Self {
        Self {
            what: spelled_out(&error),
            to_do: error.advice().into(),
        }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self {
            what: format!("the stand-in cannot be started: {error}"),
            to_do: "Check that this machine has a loopback address (127.0.0.1).".into(),
        }
    }
}

/// An error and what is beneath it, on one line.
fn spelled_out(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(cause) => format!("{error}: {}", spelled_out(cause)),
        None => error.to_string(),
    }
}
